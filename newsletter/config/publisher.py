"""Who publishes and who sends, as newsletter.toml says."""

from zoneinfo import ZoneInfo

from newsletter.config.texts import address_of, by_language, domain_of, languages
from newsletter.fields.table import Table
from newsletter.model.coalition import Coalition, Sender


def read_coalition(table: Table, *, public_url: str) -> Coalition:
    """Read `[coalition]`. ConfigError for any mistake."""
    logo, alt = table.text("logo", ""), table.text("logo_alt", "").strip()
    if logo and not alt:
        hint = 'what it shows, for who does not see it: logo_alt = "A lantern in a window"'
        raise table.error("the logo has no logo_alt", hint, key="logo")
    return Coalition(
        name=table.filled("name"),
        url=table.text("url", ""),
        timezone=_timezone(table),
        languages=languages(table, default=("en",)),
        postal_address=table.text("postal_address", ""),
        public_url=public_url,
        logo=logo,
        logo_dark=table.text("logo_dark", ""),
        logo_alt=alt,
        names=by_language(table, "names"),
    )


def _timezone(table: Table) -> str:
    name = table.text("timezone", "UTC")
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        hint = 'an IANA name, such as "America/Los_Angeles"'
        raise table.error(f"unknown time zone {name!r}", hint, key="timezone") from error
    return name


def read_sender(table: Table, coalition: Coalition) -> Sender:
    """Read `[sender]`. ConfigError for any mistake."""
    name, address = table.filled("name"), address_of(table, "address")
    own, usual = by_language(table, "names"), coalition.names if name == coalition.name else {}
    names = {**usual, **own}
    known = (*coalition.all_names, name, *names.values())
    discreet = {key: by_language(table, key) for key in ("discreet_names", "discreet_subjects")}
    said = {key: (table.text(key, ""),) for key in ("discreet_name", "discreet_subject")}
    for key, texts in (*said.items(), *((key, (*one.values(),)) for key, one in discreet.items())):
        if any(word.casefold() in text.casefold() for word in known for text in texts):
            hint = "it is for readers whose phone others look at: leave it out, or name nobody"
            raise table.error(f"{key} names the coalition", hint, key=key)
    return Sender(
        name=name,
        address=address,
        names=names,
        reply_to=address_of(table, "reply_to", ""),
        list_id=domain_of(table, "list_id", table.text("list_id", "").strip("<>")),
        discreet_name=table.text("discreet_name", ""),
        discreet_subject=table.text("discreet_subject", ""),
        **discreet,
    )
