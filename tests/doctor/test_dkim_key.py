"""`doctor dkim` and `doctor mail`: a key, the records to publish, and a mail that they verify."""

import json
import re
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dkim
import pytest

from newsletter.config import Config
from newsletter.doctor.dkim_key import find_or_make_key
from newsletter.doctor.dns_records import dns_records
from newsletter.doctor.findings import Status
from newsletter.doctor.sender_domain import sender_domain
from newsletter.doctor.trial_mail import send_trial_mail
from newsletter.errors import ConfigError, ServiceError
from newsletter.model.delivery import Accepted, Refused
from newsletter.model.subscriber import SuppressionReason
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller
from tests.conftest import NEWSLETTER_TOML
from tests.doctor.name_server import name_server
from tests.lasting.digests import person
from tests.sending.mail_server import recording_mail_server
from tests.sending.results.test_bounces import report
from tests.sending.sendgrid_stub import Stub

Make = Callable[..., Config]
SIGNED = """
[transport]
dkim_domain = "coalition.example"
dkim_selector = "digest"
dkim_key_file = "dkim.pem"
"""


@pytest.fixture
def run(workspace: Workspace) -> Iterator[Run]:
    with name_server({"coalition.example": ["v=spf1 mx -all"]}):
        yield caller(workspace)


def test_the_key_is_made_once_for_its_owner_alone(run: Run, workspace: Workspace) -> None:
    made = json.loads(run("doctor", "dkim", "--json").stdout)
    path = workspace.root / "dkim.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert made["new"] is True
    pem = path.read_bytes()
    again = json.loads(run("doctor", "dkim", "--json").stdout)
    assert path.read_bytes() == pem, "what the old key signed could not be verified any more"
    assert (again["new"], again["records"]) == (False, made["records"])


def test_what_is_printed_can_be_handed_to_who_keeps_the_domain(run: Run) -> None:
    result = run("doctor", "dkim")
    for name in ("digest._domainkey.coalition.example", "_dmarc.coalition.example"):
        assert f"  name   {name}\n" in result.stdout
    assert "There is one already: v=spf1 mx -all" in result.stdout
    assert 'dkim_key_file = "dkim.pem"' in result.stderr
    zone = re.findall(r"^digest\._domainkey\.\S+ IN TXT \( (.*) \)$", result.stdout, re.MULTILINE)
    strings = re.findall(r'"([^"]*)"', zone[0])
    assert max(map(len, strings)) <= 255
    assert f"  value  {''.join(strings)}\n" in result.stdout
    assert "PRIVATE" not in result.stdout


def test_a_key_of_somebody_else_under_that_name_stays(workspace: Workspace) -> None:
    with name_server({"digest._domainkey.coalition.example": ["v=DKIM1; k=rsa; p=MIGf"]}):
        run = caller(workspace)
        assert "Choose another name: --selector." in run("doctor", "dkim").stdout
        assert "Choose another" not in run("doctor", "dkim", "--selector", "news").stdout


def test_a_file_that_is_no_key_is_not_written_over(make_config: Make, tmp_path: Path) -> None:
    config = make_config()
    (tmp_path / "dkim.pem").write_text("something else\n")
    with pytest.raises(ConfigError, match="cannot be read") as error:
        find_or_make_key(config, domain="", selector="", file="")
    assert str(tmp_path / "dkim.pem") in str(error.value)
    assert (tmp_path / "dkim.pem").read_text() == "something else\n"


def test_a_link_that_leads_nowhere_is_no_place_for_a_key(make_config: Make, tmp_path: Path) -> None:
    config = make_config()
    (tmp_path / "dkim.pem").symlink_to(tmp_path / "elsewhere.pem")
    with pytest.raises(ServiceError):
        find_or_make_key(config, domain="", selector="", file="")
    assert not (tmp_path / "elsewhere.pem").exists()


def test_a_disk_that_is_full_leaves_no_half_key(make_config: Make, tmp_path: Path) -> None:
    config = make_config()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(ServiceError, match="cannot write"):
            find_or_make_key(config, domain="", selector="", file="")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.glob("*.pem")) == []


@pytest.mark.parametrize("wanted", [{"domain": "example.org"}, {"selector": "no spaces"}])
def test_no_key_is_made_for_a_domain_that_is_nobodys(make_config: Make, wanted: Any) -> None:
    config = make_config()
    with pytest.raises(ConfigError):
        find_or_make_key(config, **{"domain": "", "selector": "", "file": "", **wanted})
    assert not (config.root / "dkim.pem").exists()


@pytest.mark.parametrize(
    ("transport", "spf"),
    [
        ('kind = "smtp"\nhost = "smtp.gmail.com"', "v=spf1 include:_spf.google.com ~all"),
        ('kind = "smtp"\nhost = "mail.coalition.example"', "v=spf1 a:mail.coalition.example ~all"),
        ('kind = "smtp"\nhost = "127.0.0.1"', "v=spf1 a:news.coalition.example mx ~all"),
        ('kind = "smtp"\nhost = "10.0.0.5"', "v=spf1 mx ~all"),
        ('kind = "smtp"\nhost = "smtp.sendgrid.net"', "v=spf1 include:sendgrid.net ~all"),
    ],
)
def test_spf_names_the_mail_service_of_the_settings(
    make_config: Make, transport: str, spf: str
) -> None:
    config = make_config(f"{NEWSLETTER_TOML}[transport]\n{transport}\n")
    records = dns_records(config, dkim_name="d", dkim_value="k", lookup=lambda _: [])
    assert records[1].value == spf


def test_returned_mail_has_records_of_its_own_domain(make_config: Make) -> None:
    """SPF is asked of the envelope's domain, not of the one that readers see."""
    config = make_config(
        f'{NEWSLETTER_TOML}[transport]\nkind = "smtp"\nhost = "127.0.0.1"\nsecurity = "none"\n'
        'return_domain = "bounces.coalition.example"\n'
    )
    records = dns_records(config, dkim_name="d", dkim_value="k", lookup=lambda _: None)
    assert [(record.name, record.kind) for record in records[1:]] == [
        ("bounces.coalition.example", "TXT"),
        ("_dmarc.coalition.example", "TXT"),
        ("bounces.coalition.example", "MX"),
    ]
    assert records[-1].zone_line == "bounces.coalition.example. IN MX 10 news.coalition.example."


@pytest.mark.parametrize(
    ("host", "mx"),
    [
        ("127.0.0.1", "news.coalition.example"),
        ("10.0.0.5", ""),
        ("smtp.sendgrid.net", ""),
        ("email-smtp.us-west-2.amazonaws.com", ""),
    ],
)
def test_mail_comes_back_to_a_name_of_ours_never_to_an_address_or_a_provider(
    make_config: Make, host: str, mx: str
) -> None:
    config = make_config(
        f'{NEWSLETTER_TOML}[transport]\nkind = "smtp"\nhost = "{host}"\nsecurity = "none"\n'
        'return_domain = "bounces.coalition.example"\n'
    )
    records = dns_records(config, dkim_name="d", dkim_value="k", lookup=lambda _: None)
    assert [r.value for r in records if r.kind == "MX"] == ([f"10 {mx}."] if mx else [])
    with name_server({}):
        said = caller(Workspace(config=config))("doctor", "dkim").stdout
    assert ("bounces.coalition.example needs an MX record as well" in said) is not bool(mx)


def test_sendgrid_has_records_of_its_own(make_config: Make) -> None:
    """It signs with its own key, and has its own domain in MAIL FROM: ours would do nothing."""
    config = make_config(
        f'{NEWSLETTER_TOML}[transport]\nkind = "sendgrid"\n'
        'return_domain = "bounces.coalition.example"\n'
    )
    with name_server({"coalition.example": ["v=spf1 mx -all"]}):
        run = caller(Workspace(config=config))
        made = json.loads(run("doctor", "dkim", "--json").stdout)
        told = run("doctor", "dkim")
    assert (made["key"], made["new"]) == (None, False)
    assert [record["name"] for record in made["records"]] == ["_dmarc.coalition.example"]
    assert "Sender Authentication" in told.stderr
    assert "dkim_domain" not in told.stderr
    assert "bounces" not in told.stdout
    assert not (config.root / "dkim.pem").exists()


def test_a_test_mail_through_sendgrid_is_not_said_to_be_signed_by_us(
    make_config: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "x")
    with Stub(tmp_path / "taken", lambda _body: (200, {}, b"")) as stub:
        toml = (
            f'{NEWSLETTER_TOML}{SIGNED}kind = "sendgrid"\nhost = "127.0.0.1"\nport = {stub.port}\n'
            'security = "none"\nreturn_domain = "bounces.example"\n'
        )
        workspace = Workspace(config=make_config(toml))
        said = caller(workspace)("doctor", "mail", "--to", "ana@x.example").stderr
    assert "SendGrid signs it" in said
    assert "bounces.example" not in said


def test_nobody_publishes_records_of_a_mail_provider(make_config: Make) -> None:
    config = make_config(NEWSLETTER_TOML.replace("@coalition.example", "@gmail.com"))
    with pytest.raises(ConfigError, match="the provider of gmail"):
        caller(Workspace(config=config))("doctor", "dkim")
    assert not (config.root / "dkim.pem").exists()


def by_smtp(make_config: Make, port: int, key: str = "") -> Workspace:
    toml = (
        f'{NEWSLETTER_TOML}{SIGNED}kind = "smtp"\nhost = "127.0.0.1"\nsecurity = "none"\n'
        f'port = {port}\nreturn_domain = "bounces.example"\n'
    )
    return Workspace(config=make_config(toml, NEWSLETTER_SECRET_KEY=key))


def test_the_test_mail_is_verified_by_the_record_that_was_printed(make_config: Make) -> None:
    """Before there is any issue, database or secret key."""
    with recording_mail_server() as (port, envelopes):
        workspace = by_smtp(make_config, port)
        key = find_or_make_key(workspace.config, domain="", selector="", file="")
        outcome = send_trial_mail(workspace, "ana@x.example")
    assert isinstance(outcome, Accepted)
    (envelope,) = envelopes
    assert envelope.mail_from == "bounce@bounces.example"
    asked: list[bytes] = []

    def dns(name: bytes, **_: object) -> bytes:
        asked.append(name)
        return key.record.encode()

    assert dkim.verify(envelope.content, dnsfunc=dns)
    assert asked == [f"{key.name}.".encode()]
    assert not (workspace.root / "newsletter.db").exists()


def test_a_test_mail_that_is_refused_says_why(make_config: Make) -> None:
    with recording_mail_server("554 5.7.1 no mail from you") as (port, _):
        workspace = by_smtp(make_config, port)
        find_or_make_key(workspace.config, domain="", selector="", file="")
        outcome = send_trial_mail(workspace, "ana@x.example")
        assert isinstance(outcome, Refused)
        with pytest.raises(ServiceError, match="no mail from you"):
            caller(workspace)("doctor", "mail", "--to", "ana@x.example")


def test_a_test_mail_and_a_notice_come_back_to_bounces_read(
    make_config: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "a key for tests only, 32 bytes long"
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", key)
    maildir = tmp_path / "bounces"
    for folder in ("cur", "new", "tmp"):
        (maildir / folder).mkdir(parents=True)
    with recording_mail_server() as (port, envelopes):
        workspace = by_smtp(make_config, port, key)
        find_or_make_key(workspace.config, domain="", selector="", file="")
        assert isinstance(send_trial_mail(workspace, "nobody@x.example"), Accepted)
        workspace.subscribers.add([person("ana")])
        ana = workspace.subscribers.by_address("ana@example.org")
        assert ana is not None
        workspace.notices.send_links(ana, now=workspace.now())
    for number, envelope in enumerate(envelopes):
        assert envelope.mail_from is not None
        (maildir / "new" / str(number)).write_bytes(report("5.1.1", to=envelope.mail_from))
    read = caller(workspace)("bounces", "read", str(maildir))
    assert read.stdout == "1 bounced\n"
    assert "2 messages read. 1 person will not be mailed again; 0 messages" in read.stderr
    assert "1 test mail of newsletter doctor came back" in read.stderr
    suppression = workspace.subscribers.suppression("ana@example.org")
    assert suppression is SuppressionReason.BOUNCED
    assert workspace.subscribers.suppression("nobody@x.example") is None


def test_a_test_mail_into_the_outbox(run: Run, workspace: Workspace) -> None:
    assert "through outbox" in run("doctor", "mail", "--to", "ana@x.example").stderr
    assert len(list((workspace.root / "outbox" / "notices" / "new").iterdir())) == 1
    with pytest.raises(ConfigError, match="not an email address"):
        run("doctor", "mail", "--to", "ana x.example")


def test_a_record_of_another_key_is_named(make_config: Make) -> None:
    key = find_or_make_key(make_config(), domain="", selector="", file="")

    def status(record: str) -> Status:
        records = {key.name: [record]}
        found = sender_domain(
            "coalition.example",
            spf="coalition.example",
            dkim=(key.domain, key.selector),
            public_key=key.record.partition("p=")[2],
            lookup=lambda name: records.get(name, []),
        )
        return next(finding.status for finding in found if finding.part == "DKIM")

    assert status(key.record) is Status.FINE
    assert status("v=DKIM1; k=rsa; p=MIGf") is Status.MISSING


def test_two_spf_records_void_each_other() -> None:
    found = sender_domain(
        "us.example", spf="us.example", dkim=("", ""), lookup=lambda _: ["v=spf1 -all"] * 2
    )
    assert (found[0].part, found[0].status) == ("SPF", Status.MISSING)
