"""An edition and what it needs -> the view that the templates show.

Templates hold no logic beyond "is there one"; whatever needs a rule is decided here, once for the
HTML, the text and the archive page.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from newsletter.design.bidi_gettext import isolate_numbers
from newsletter.design.contents import contents_of, minutes_of
from newsletter.design.localizer import Localizer, name_in
from newsletter.design.markdown import Prose, safe_link
from newsletter.design.mjml import without_controls
from newsletter.design.placement_details import details_of, moment_in_words
from newsletter.design.plain_text import shortened
from newsletter.design.views import (
    EditionLink,
    EditionView,
    LogoView,
    PictureView,
    PlacementView,
    SectionView,
    SourceView,
)
from newsletter.model.coalition import Coalition
from newsletter.model.details import BRIEF, NORMAL
from newsletter.model.issue import Edition, Placement, Section, is_bulletin, monday_of
from newsletter.model.item import Item, ItemKind
from newsletter.model.language import direction, same_language
from newsletter.model.logo import Logo
from newsletter.model.material import Material
from newsletter.model.message import InlinePicture
from newsletter.model.organisation import Organisation
from newsletter.model.section_kinds import Kinds, kind_of

COLUMN_WIDTH = 552  # CSS pixels inside the card, at full width
MOST_MEMBERS = 39  # named in a mail; more of them would bury what comes after
LONG_PIECES, LONG_WORDS = 15, 6_000  # more pieces, or more characters of them, make a long issue
PREHEADER_SHORTEST, PREHEADER_LONGEST = 40, 110
# The languages whose accents rspamd forgives, as long as it recognises them: "diacritics" in its
# languages/*.json.
ACCENTS_FORGIVEN = frozenset({
    "br", "cs", "da", "de", "es", "et", "fi", "fr", "hu", "it", "lt", "lv", "no", "pl", "pt", "ro",
    "sl", "sv", "tr", "vi",
})  # fmt: skip


def edition_url(public_url: str, issue_id: str, language: str) -> str:
    """Return where the archive has that edition: the "view in browser" link."""
    return f"{public_url}/archive/issues/{issue_id}/{language}/"


def edition_view(edition: Edition, material: Material, localizer: Localizer) -> EditionView:
    """Gather everything that the templates show of an edition."""
    coalition = material.coalition
    public = coalition.public_url.rstrip("/")
    monday = monday_of(edition.issue_id)
    has_page = bool(public) and edition.is_archived
    organisations = sorted(
        material.organisations.values(), key=lambda member: member.name.casefold()
    )
    kinds = {section.id: kind_of(section, material.kinds) for section in edition.sections}
    sections = tuple(
        _section(section, kinds[section.id], edition, material, localizer)
        for section in edition.sections
        if section.placements or section.intro.strip() or kinds[section.id] == "members"
    )
    is_correction = "corrects" in edition.settings
    page = edition_url(public, edition.issue_id, edition.language) if has_page else ""
    lists_all = "members" in kinds.values()
    members = tuple(_source_view(member) for member in organisations if lists_all)
    view = EditionView(
        issue_id=edition.issue_id,
        language=edition.language,
        dir=localizer.dir,
        subject=_line(edition.subject),
        title=_ordered(edition.subject, edition.language),
        preheader=_preheader(edition),
        standfirst="" if is_correction else _ordered(edition.preheader, edition.language),
        edited_by=_line(edition.opening.get("edited_by", "")),
        picture=_picture(opening_picture(edition, material), edition.opening, "", edition.language),
        period=localizer.period(monday, monday + timedelta(days=6)),
        is_bulletin=is_bulletin(edition.issue_id) and not is_correction,
        is_correction=is_correction,
        valid_until=moment_in_words(edition.settings.get("lapses", ""), localizer),
        letter=Prose(edition.letter, edition.language),
        sections=sections,
        members=members,
        members_page=f"{page}#members" if page and len(members) > MOST_MEMBERS else "",
        is_long=_is_long(sections, edition),
        coalition=_source_view(coalition.in_language(edition.language)),
        logo=logo_view(material.logo),
        postal_address=tuple(address_lines(coalition.postal_address, coalition.name)),
        public_url=public,
        browser_url=page,
        other_editions=_other_editions(edition, material, public) if has_page else (),
    )
    if is_bulletin(edition.issue_id):
        return view
    contents = contents_of(edition, sections, localizer)
    return replace(
        view,
        sections=contents.sections,
        contents=contents.lines,
        minutes=minutes_of(view),
        reply_url=f"mailto:{material.sender.mailbox}",
        archive_url=f"{public}/archive/{edition.language}/" if public else "",
        stories_url=f"{public}/stories/a?lang={edition.language}" if public else "",
    )


def in_the_mail(picture: InlinePicture) -> str:
    """Return how a mail names a picture that travels inside it."""
    return f"cid:{picture.cid}"


def logo_view(
    logo: Logo | None, address: Callable[[InlinePicture], str] = in_the_mail
) -> LogoView | None:
    """Return how a masthead shows the logo, whose pictures are found by their `address`."""
    if logo is None:
        return None
    picture = logo.picture
    return LogoView(
        src=address(picture),
        alt=_line(picture.alt),
        width=picture.width,
        height=picture.height,
        dark_src=address(logo.dark) if logo.dark else "",
    )


def _line(text: str) -> str:
    """Text as one line: a title or a name never carries a break into a header or an attribute."""
    return " ".join(without_controls(text).split())


def _is_long(sections: tuple[SectionView, ...], edition: Edition) -> bool:
    pieces = [piece for section in sections for piece in section.placements]
    words = len(edition.letter) + sum(len(piece.title + piece.blurb.text) for piece in pieces)
    return len(pieces) > LONG_PIECES or words > LONG_WORDS


def _ordered(text: str, language: str) -> str:
    """Text as one line, whose numbers keep their order among right-to-left words."""
    line = _line(text)
    return isolate_numbers(line) if direction(language) == "rtl" else line


def address_lines(address: str, name: str) -> list[str]:
    """Split the postal address into lines, without the coalition's name, which stands above."""
    lines = [_line(line) for line in address.splitlines() if line.strip()]
    if lines and lines[0].startswith(_line(name)):
        lines[0] = lines[0].removeprefix(_line(name)).lstrip(" ,")
    return [line for line in lines if line]


def _preheader(edition: Edition) -> str:
    """The editor's preheader, else the first titles; never longer than a mail client shows."""
    words = _line(edition.preheader)
    titles = [_line(placement.title) for placement in edition.placements]
    for title in titles:
        if len(words) >= PREHEADER_SHORTEST:
            break
        words = f"{words} · {title}" if words else title
    return shortened(words, PREHEADER_LONGEST)


def _other_editions(edition: Edition, material: Material, public: str) -> tuple[EditionLink, ...]:
    """Each by its own name; in some Latin-script editions, one in another script by its name there.

    A word in another script hides the language of a message from rspamd, which then takes each
    accented letter for a disguise (docs/email-checks.md). The web page has all own names.
    """
    if not public:
        return ()
    forgiven = edition.language.split("-")[0] in ACCENTS_FORGIVEN
    return tuple(
        EditionLink(
            tag=tag,
            name=name_in(lang, tag),
            lang=lang,
            url=edition_url(public, edition.issue_id, tag),
        )
        for tag in material.editions
        if tag != edition.language
        for lang in [tag if _is_latin(tag) or not forgiven else edition.language]
    )


def _is_latin(language: str) -> bool:
    return unicodedata.name(name_in(language, language)[0], "").startswith("LATIN")


def _source_view(source: Organisation | Coalition) -> SourceView:
    return SourceView(name=_line(source.name), url=safe_link(source.url))


def _section(
    section: Section, kind: str, edition: Edition, material: Material, localizer: Localizer
) -> SectionView:
    return SectionView(
        id=section.id,
        kind=kind,
        title=_ordered(section.title, edition.language),
        intro=Prose(section.intro, edition.language),
        placements=tuple(
            _placement(placement, kind, edition, material, localizer)
            for placement in section.placements
        ),
    )


def _placement(
    placement: Placement, kind: str, edition: Edition, material: Material, localizer: Localizer
) -> PlacementView:
    item = material.items.get(placement.item_id) if placement.item_id else None
    link = placement.link or (item.link if item else None) or ""
    foreign = placement.language is not None and not same_language(
        placement.language, edition.language
    )
    return PlacementView(
        id=placement.item_id or "",
        kind=kind,
        title=_ordered(placement.title, placement.language or edition.language),
        link=without_controls(safe_link(link)).strip(),
        lang=(placement.language or "") if foreign else "",
        dir=direction(placement.language or "") if foreign else "",
        blurb=Prose(placement.blurb, placement.language or edition.language),
        source=_source(item, placement, material),
        # A storyteller as consent allows to name them; a member's news is credited to the member.
        author=_line(", ".join(item.authors)) if item and item.kind is ItemKind.STORY else "",
        published=localizer.day(item.published_at) if item and item.published_at else "",
        original=_line(placement.details.get("source", ""))
        if item and item.organisation_id in material.organisations
        else "",
        also=tuple(
            _source_view(material.organisations[organisation_id])
            for organisation_id in material.also_shared.get(placement.item_id or "", ())
            if organisation_id in material.organisations
        ),
        picture=_picture(
            picture_of(placement, material),
            placement.details,
            item.picture.alt if item and item.picture else "",
            edition.language,
        ),
        details=details_of(placement, item, edition, material, localizer),
        size=size_of(placement, kind, material.kinds),
    )


def _source(item: Item | None, placement: Placement, material: Material) -> SourceView | None:
    organisation = material.organisations.get(item.organisation_id or "") if item else None
    if organisation is not None:
        return _source_view(organisation)
    named = _line(placement.details.get("source", ""))
    return SourceView(name=named, url="") if named else None


def size_of(placement: Placement, kind: str, kinds: Kinds) -> str:
    """Return how large a piece is shown: `lead`, `normal` or `brief`."""
    if kind == BRIEF:
        return BRIEF
    return placement.details.get("size", NORMAL) if "size" in kinds[kind].shows else NORMAL


def picture_of(placement: Placement, material: Material) -> InlinePicture | None:
    """Find the picture that goes with a placement: the one its draft names, else the item's own."""
    named = placement.details.get("picture") or placement.details.get("poster") or ""
    if named.lower() == "no" or placement.details.get("size") == BRIEF:
        return None
    return material.pictures.get(named or placement.item_id or "")


def opening_picture(edition: Edition, material: Material) -> InlinePicture | None:
    """Find the picture that stands under an edition's title."""
    return material.pictures.get(edition.opening.get("picture", ""))


def _picture(
    picture: InlinePicture | None, said: Mapping[str, str], source_alt: str, language: str
) -> PictureView | None:
    """The picture at the column's width at most; alt from the editor, the picture, the source."""
    if picture is None:
        return None
    wide = min(picture.width or COLUMN_WIDTH, COLUMN_WIDTH)
    return PictureView(
        src=in_the_mail(picture),
        alt=_ordered(said.get("alt", "") or picture.alt or source_alt, language),
        width=wide,
        height=round(picture.height * wide / picture.width) if picture.width else 0,
        credit=_line(said.get("credit", "") or picture.credit),
    )
