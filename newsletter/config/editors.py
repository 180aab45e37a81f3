"""Reads `[[editors]]`: who may approve, and what they hear by mail."""

from newsletter.config.texts import languages
from newsletter.fields.table import Table
from newsletter.model.coalition import Editor
from newsletter.model.reminder import NIGHT, QuietHours, ReminderKind, parse_quiet_hours
from newsletter.model.rhythm import Every, Rhythm


def editors(top: Table, *, remind: Rhythm) -> tuple[Editor, ...]:
    """Return the editors; a weekly summary leaves when `remind` says. ConfigError."""
    listed: list[Editor] = []
    for table in top.tables("editors"):
        editor = table.read(_editor)
        mailed = [other for other in listed if other.address and editor.address]
        if any(other.address.casefold() == editor.address.casefold() for other in mailed):
            hint = "each editor has an address of their own: what they hear is for them"
            raise table.error("two editors have one address", hint, key="address")
        if any(other.name.casefold() == editor.name.casefold() for other in mailed):
            raise table.error(f"two editors who are mailed are named {editor.name!r}", key="name")
        if editor.is_weekly and remind.every is Every.NEVER:
            hint = "a summary leaves when [week] remind says, and that is never"
            raise table.error("there is no time for a weekly summary", hint, key="summary")
        listed.append(editor)
    return tuple(listed)


def _editor(table: Table) -> Editor:
    editor = Editor(
        name=table.filled("name"),
        languages=languages(table, default=()),
        address=_address(table),
        hears=_hears(table),
        quiet=_quiet_hours(table),
        is_weekly=table.choice("summary", ("never", "weekly"), "never") == "weekly",
    )
    for key in ("hears", "quiet", "summary"):
        if key in table.values and not editor.address:
            hint = f'add address = "…" below the name of {editor.name}'
            raise table.error(f"{editor.name} has no address, and hears nothing", hint, key=key)
    return editor


def _address(table: Table) -> str:
    if not (text := table.text("address", "")):
        return ""
    from newsletter.people.addresses import BadAddress, read_address

    address = read_address(text)
    if isinstance(address, BadAddress):
        raise table.error(f"{text!r} is not an email address: {address.reason}", key="address")
    return address


def _hears(table: Table) -> frozenset[ReminderKind]:
    if table.get("hears") is None:
        return frozenset(ReminderKind)
    return frozenset(map(ReminderKind, table.choices("hears", tuple(ReminderKind))))


def _quiet_hours(table: Table) -> QuietHours | None:
    text = table.text("quiet", str(NIGHT))
    if text == "never":
        return None
    try:
        return parse_quiet_hours(text)
    except ValueError as error:
        raise table.error(str(error), 'quiet = "20:00-08:00", or "never"', key="quiet") from None
