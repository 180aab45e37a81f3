"""`newsletter stories withdraw`, `narrow` and `renew`."""

from collections.abc import Sequence
from datetime import date

import click

from newsletter.cli.output import emit_json, json_option, note, say
from newsletter.cli.story_input import today
from newsletter.cli.workspace import open_workspace
from newsletter.errors import UsageError
from newsletter.model.consent import Channel

DAY = click.DateTime(["%Y-%m-%d"])


def channels_named(names: Sequence[str]) -> frozenset[Channel]:
    """The channels; hyphens are fine. UsageError for a word that is none."""
    try:
        return frozenset(Channel(name.replace("-", "_")) for name in names)
    except ValueError as error:
        words = ", ".join(channel.value for channel in Channel)
        raise UsageError(f"{error}", hint=f"use one of: {words}") from error


@click.command()
@click.argument("story_or_code", default="")
@json_option
@click.pass_context
def withdraw(ctx: click.Context, story_or_code: str, as_json: bool) -> None:
    """Withdraw a story by its id or its receipt code: at once, for good, without asking twice.

    It holds even while the database is away. Exits with 1 when something is left to do.
    """
    from newsletter.stories.consent.withdraw import NotKnown, withdraw_by_code, withdraw_by_id
    from newsletter.stories.record.identifiers import read_code

    workspace = open_workspace(ctx)
    given = story_or_code or click.prompt("Receipt code or story id", err=True)
    by = withdraw_by_code if read_code(given) else withdraw_by_id
    done = by(workspace.story_services, given, today=today(workspace))
    if isinstance(done, NotKnown):
        raise UsageError(
            "no story goes by that code or id",
            hint="it may be withdrawn already: see newsletter stories list",
        )
    if not as_json:
        say("Withdrawn. Nothing that is sent or published from now on carries it.")
        say("What was mailed before stays in people's mailboxes; nobody can call it back.")
        for organisation in done.reuse_by:
            say(f"Tell {organisation}, which had leave to reprint it.")
    note("Now looking for it in issues, on the website and in the members' posts.")
    after = workspace.withdrawal_cleanup.run(done.revocation)
    left = (*done.left_to_do, *after.left_to_do)
    if as_json:
        emit_json(
            {
                "story": done.story_id,
                "record": done.record_id,
                "may_reprint": done.reuse_by,
                "reprinted": [
                    {"organisation": one.organisation_id, "link": one.link}
                    for one in after.reprints
                ],
                "struck_from": after.redacted_issues,
                "site_rebuilt": after.site_rebuilt,
                "left_to_do": left,
            }
        )
    else:
        for reprint in after.reprints:
            say(f"Ask {reprint.organisation_id} to take it down: {reprint.link}")
        if after.redacted_issues:
            say(f"Struck from what is kept of {', '.join(after.redacted_issues)}.")
        if after.site_rebuilt:
            say("The website was rebuilt without it.")
        for words in left:
            note(f"Still to do: {words}")
        note("Then check your drafts: newsletter check says where it still stands.")
    if left:
        ctx.exit(1)


@click.command(epilog="Example: newsletter stories narrow m4rq7tz2xd --channel web_archive")
@click.argument("story")
@click.option("--channel", "channels", multiple=True, help="No longer here (again for more).")
@click.option("--language", "languages", multiple=True, help="No longer in this language.")
@click.option("--picture", is_flag=True, help="Without the picture.")
@click.option("--name", is_flag=True, help="Without the name.")
@click.option("--until", type=DAY, metavar="DAY", help="End earlier, such as 2027-01-31.")
@click.pass_context
def narrow(
    ctx: click.Context,
    story: str,
    channels: tuple[str, ...],
    languages: tuple[str, ...],
    picture: bool,
    name: bool,
    until: date | None,
) -> None:
    """Take back a part of a consent. It holds at once, also in the middle of a send."""
    from newsletter.stories.consent.change_consent import Narrowing
    from newsletter.stories.consent.change_consent import narrow as take_back

    workspace = open_workspace(ctx)
    taken = Narrowing(
        channels=channels_named(channels),
        languages=frozenset(languages),
        picture=picture,
        name=name,
        until=_day(until),
    )
    left = take_back(workspace.story_services, story, taken, today=today(workspace)).consent
    places = ", ".join(sorted(left.channels)).replace("_", " ") or "nowhere"
    languages_left = ", ".join(sorted(left.languages))
    say(f"{story} may now appear: {places}; {languages_left}; until {left.last_day}.")


@click.command(epilog="Example: newsletter stories renew m4rq7tz2xd --until 2028-01-31")
@click.argument("story")
@click.option(
    "--until", type=DAY, metavar="DAY", required=True, help="The new last day, such as 2028-01-31."
)
@click.option("--channel", "channels", multiple=True, help="Also here (again for more).")
@click.option("--language", "languages", multiple=True, help="Also in this language.")
@click.option(
    "--reuse-by", multiple=True, help="This organisation may reprint it (again for more)."
)
@click.option("--notice-language", default="en", help="The language you read the notice in.")
@click.option(
    "--method",
    type=click.Choice(["phone", "in person", "email"]),
    default="phone",
    help="How they gave it.",
)
@click.pass_context
def renew(
    ctx: click.Context,
    story: str,
    until: date,
    channels: tuple[str, ...],
    languages: tuple[str, ...],
    reuse_by: tuple[str, ...],
    notice_language: str,
    method: str,
) -> None:
    """Keep a new consent that the storyteller gave: longer, or for more. The words go back too."""
    from newsletter.stories.consent.change_consent import renew as keep

    workspace = open_workspace(ctx)
    desk = workspace.story_services
    unknown = set(reuse_by) - {one.id for one in workspace.organisations} if reuse_by else set()
    if unknown:
        raise UsageError(
            f"no organisation {min(unknown)!r} in feeds.yaml",
            hint="newsletter feeds list shows them",
        )
    shown = desk.notice(notice_language)
    note(shown.text)
    if reuse_by:
        note(f"\nAsk them also: may {', '.join(reuse_by)} reprint it, as it is?")
    click.confirm("\nHave they heard this, and said yes to it today?", abort=True, err=True)
    done = keep(
        desk,
        story,
        until=_day(until) or until,
        channels=channels_named(channels),
        languages=languages,
        reuse_by=reuse_by,
        notice=shown,
        method=method,
        today=today(workspace),
    )
    say(f"{done.path} is renewed until {done.consent.expires_on}. Next:")
    say(f"  newsletter stories send-back {done.id}")


def _day(moment: date | None) -> date | None:
    return None if moment is None else date(moment.year, moment.month, moment.day)
