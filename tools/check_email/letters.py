"""The messages under test: .eml files, read as a mail client reads them."""

import base64
import email
import email.policy
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from tests.design import notices, samples
from tests.design.front_page import front_page
from tests.design.gallery_mails import gallery_mails
from tests.design.messages import as_message, as_notice

# Reserved names, which spam filters do not see as addresses in plain text.
_RESERVED = re.compile(r"http://localhost:\d+/([a-z0-9-]+)|\.example\b(?!\.org)")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message. `html_file` shows its pictures inline; `bare_file` has them blocked."""

    name: str
    raw: bytes
    html: str
    text: str
    language: str
    eml_file: Path
    html_file: Path
    bare_file: Path
    picture_ids: tuple[str, ...]
    message: EmailMessage = field(repr=False)

    @property
    def is_notice(self) -> bool:
        """Whether it went to one person in answer to something, and is no issue (RFC 3834)."""
        return self.message["Auto-Submitted"] is not None

    @property
    def with_real_names(self) -> bytes:
        """As a coalition with names of its own sends it: `.example` becomes `.example.org`.

        So does the demo's `localhost`. A spam filter finds such links in both parts, as it finds
        those of the readers' real messages.
        """
        message = email.message_from_bytes(
            _real(self.raw.decode()).encode(), policy=email.policy.SMTP
        )
        for part in message.walk():
            if part.get_content_maintype() == "text":
                encoding = part["Content-Transfer-Encoding"]
                part.set_content(
                    _real(part.get_content()), subtype=part.get_content_subtype(), cte=encoding
                )
        return message.as_bytes()


def _real(text: str) -> str:
    return _RESERVED.sub(
        lambda found: f"https://{found[1]}.example.org" if found[1] else ".example.org", text
    )


def read_letter(eml: Path, folder: Path) -> Letter:
    """A message file taken apart; its HTML is written beside, as a browser can show it."""
    raw = eml.read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    html = text = ""
    pictures: dict[str, str] = {}
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "text/html":
            html = part.get_content().replace("\r\n", "\n")
        elif kind == "text/plain":
            text = part.get_content().replace("\r\n", "\n")
        elif part.get_content_maintype() == "image":
            data = base64.b64encode(part.get_content()).decode()
            pictures[part["Content-ID"].strip("<>")] = f"data:{kind};base64,{data}"
    shown = html
    for cid, address in pictures.items():
        shown = shown.replace(f"cid:{cid}", address)
    html_file, bare_file = folder / f"{eml.stem}.html", folder / f"{eml.stem}.bare.html"
    html_file.write_text(shown)
    bare_file.write_text(html)
    return Letter(
        name=eml.stem,
        raw=raw,
        html=html,
        text=text,
        language=html.partition('lang="')[2].partition('"')[0],
        eml_file=eml,
        html_file=html_file,
        bare_file=bare_file,
        picture_ids=tuple(pictures),
        message=message,
    )


def write_samples(folder: Path) -> list[Path]:
    """The sample editions as messages: a week, every kind of section, a front page, bulletins, a
    correction, twelve and sixty items, and the gallery's fillings: empty, short and long."""
    templates = Templates((shipped_folder(),))
    editions = {
        "week-en": samples.typical(),
        "logo-en": samples.with_logo(),
        "every-kind-en": samples.everything(),
        **{f"front-{tag}": front_page(tag) for tag in ("en", "es", "ar")},
        **{f"bulletin-{tag}": samples.bulletin(tag) for tag in ("en", "es", "ar")},
        "correction-en": samples.correction(),
        **{f"items12-{tag}": samples.digest(12, tag) for tag in ("en", "es", "ar")},
        **{f"items60-{tag}": samples.digest(60, tag) for tag in ("en", "es", "ar")},
        **dict(gallery_mails(templates)),
    }
    files = []
    for name, (edition, material) in editions.items():
        file = folder / f"{name}.eml"
        file.write_bytes(as_message(render(edition, material, templates)))
        files.append(file)
    return files


def write_notices(folder: Path) -> list[Path]:
    """Every mail that is no issue, in each language that it has."""
    files = []
    for name, notice in notices.each_notice(notices.renderer()):
        file = folder / f"notice-{name}.eml"
        file.write_bytes(as_notice(notice))
        files.append(file)
    return files
