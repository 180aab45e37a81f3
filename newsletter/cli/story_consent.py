"""`newsletter stories withdraw`, `narrow` and `renew`."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.moment import DAY
from newsletter.cli.output import (
    exit_1_if,
    flag,
    json_option,
    note,
    print_json,
    repeatable,
    say,
    wants_json,
)
from newsletter.cli.story_input import identity_option, unlocked
from newsletter.cli.workspace import Workspace, pass_workspace, pass_workspace_at_once
from newsletter.errors import NewsletterError, UsageError
from newsletter.model.consent import Channel, Consent

if TYPE_CHECKING:
    from newsletter.stories.consent.change_consent import Renewal

PLACES = f"[{'|'.join(Channel)}]"


def channels_named(names: Sequence[str]) -> frozenset[Channel]:
    """Return the channels; hyphens are fine. UsageError for a word that names none."""
    try:
        return frozenset(Channel(name.replace("-", "_")) for name in names)
    except ValueError as error:
        words = ", ".join(channel.value for channel in Channel)
        raise UsageError(f"{error}", hint=f"use one of: {words}") from error


@click.command(epilog="Example: newsletter stories withdraw m4rq7tz2xd")
@click.argument("story_or_code", default="")
@json_option
@pass_workspace_at_once
def withdraw(workspace: Workspace, story_or_code: str) -> None:
    """Withdraw a story by its id or receipt code: at once, for good, without asking twice.

    Works even while the database is unavailable. The exit code is 1 if something is left to do.
    """
    from newsletter.stories.consent.withdraw import NotKnown, withdraw_by_code, withdraw_by_id
    from newsletter.stories.record.identifiers import read_code

    given = story_or_code or click.prompt("Receipt code or story id", err=True)
    by = withdraw_by_code if read_code(given) else withdraw_by_id
    done = by(workspace.story_services, given, today=workspace.today())
    if isinstance(done, NotKnown):
        raise UsageError(
            "no story has that code or id",
            hint="it may be withdrawn already; newsletter stories list shows the others",
        )
    if not wants_json():
        say("Withdrawn. It will not appear in anything sent or published from now on.")
        say("Mails sent before stay in people's mailboxes; nobody can call them back.")
        for organisation in done.reuse_by:
            say(f"Tell {organisation}, which was allowed to reprint it.")
    if workspace.state_folder.lost:
        note(
            f"Copies of its words will not be known again: {workspace.state_folder.lost}. Put the "
            "folder back before you withdraw the next story."
        )
    note("Now looking for it in issues, on the website and in the members' posts.")
    after = workspace.withdrawal_cleanup.run(done.revocation, done.texts)
    left = (*done.left_to_do, *after.left_to_do)
    data = {
        "story": done.story_id,
        "record": done.record_id,
        "may_reprint": done.reuse_by,
        "reprinted": [
            {"organisation": one.organisation_id, "link": one.link} for one in after.reprints
        ],
        "removed_from": after.redacted_issues,
        "site_rebuilt": after.site_rebuilt,
        "left_to_do": left,
    }
    if not print_json(data):
        for reprint in after.reprints:
            say(f"Ask {reprint.organisation_id} to take it down: {reprint.link}")
        if after.redacted_issues:
            say(f"Removed from our records of {', '.join(after.redacted_issues)}.")
        if after.site_rebuilt:
            say("The website was rebuilt without it.")
            note("If another host shows it too, put it there again now:")
            note("newsletter archive --folder FOLDER says which files to delete.")
        for task in left:
            note(f"Still to do: {task}")
        note("Now check your drafts: newsletter check shows where it still appears.")
    exit_1_if(left)


@click.command(epilog="Example: newsletter stories narrow m4rq7tz2xd --channel web_archive")
@click.argument("story")
@repeatable("--channel", "channels", metavar=PLACES, help="Stop using the story in this place.")
@repeatable("--language", "languages", help="Stop using the story in this language.")
@flag("--picture", help="Stop using the picture.")
@flag("--name", help="Stop using the name.")
@click.option("--until", type=DAY, metavar="DAY", help="The new, earlier last day (2027-01-31).")
@pass_workspace_at_once
def narrow(
    workspace: Workspace,
    story: str,
    channels: tuple[str, ...],
    languages: tuple[str, ...],
    picture: bool,
    name: bool,
    until: datetime | None,
) -> None:
    """Limit a consent. It takes effect at once, even during a send.

    Works even while the database is unavailable. The exit code is 1 if something is left to do.
    """
    from newsletter.stories.consent.change_consent import Narrowing
    from newsletter.stories.consent.change_consent import narrow as take_back

    taken = Narrowing(
        channels=channels_named(channels),
        languages=frozenset(languages),
        picture=picture,
        name=name,
        until=until.date() if until else None,
    )
    done = take_back(workspace.story_services, story, taken, today=workspace.today())
    left = done.consent
    places = ", ".join(sorted(left.channels)).replace("_", " ") or "nowhere"
    languages_left = ", ".join(sorted(left.languages))
    say(f"{story} may now appear: {places}; {languages_left}; until {left.last_day}.")
    failed = (*done.left_to_do, *_website_without_it(workspace))
    for task in failed:
        note(f"Still to do: {task}")
    exit_1_if(failed)


def _website_without_it(workspace: Workspace) -> tuple[str, ...]:
    """Write the website again, if there is one. Return what is left to do.

    What `newsletter serve` shows is asked at each request anyway.
    """
    rebuild = workspace.withdrawal_cleanup.rebuild
    if rebuild is None:
        return ()
    try:
        rebuild()
    except NewsletterError as error:
        return (f"take it off the website: newsletter archive ({error})",)
    note("The website was written again. If another host shows it too, put it there again:")
    note("newsletter archive --folder FOLDER says which files to delete.")
    return ()


@click.command(epilog="Example: newsletter stories renew m4rq7tz2xd --until 2028-01-31")
@click.argument("story")
@click.option(
    "--until", type=DAY, metavar="DAY", required=True, help="The new last day, such as 2028-01-31."
)
@repeatable("--channel", "channels", metavar=PLACES, help="Also use the story in this place.")
@repeatable("--language", "languages", help="Also use the story in this language.")
@repeatable("--reuse-by", help="Let this organisation reprint it.")
@click.option("--notice-language", default="en", help="The language you read the notice in.")
@click.option(
    "--method",
    type=click.Choice(["phone", "in person", "email"]),
    default="phone",
    help="How they gave the consent.",
)
@flag("--code", "by_code", help="The storyteller is with you and types the receipt code.")
@identity_option
@pass_workspace
def renew(
    workspace: Workspace,
    story: str,
    until: datetime,
    channels: tuple[str, ...],
    languages: tuple[str, ...],
    reuse_by: tuple[str, ...],
    notice_language: str,
    method: str,
    by_code: bool,
    identity: Path,
) -> None:
    """Record a new consent: longer, or for more uses. The storyteller must approve the text
    again.

    It takes the storyteller's yes: their receipt code, or your signature with your own key. Your
    key's name is then in the log.
    """
    from newsletter.stories.consent.change_consent import (
        ByCode,
        Renewal,
        SignedOff,
        StorytellersYes,
    )
    from newsletter.stories.consent.change_consent import renew as keep
    from newsletter.stories.keys.key_log import key_name

    desk = workspace.story_services
    left = desk.story(story).consent  # nobody reads a notice for a story that is not there
    for organisation in reuse_by:
        workspace.organisation_named(organisation)
    wanted = Renewal(
        until=until.date(),
        channels=channels_named(channels),
        languages=frozenset(languages),
        reuse_by=frozenset(reuse_by),
    )
    shown = desk.notice(notice_language)
    note(shown.text)
    click.confirm("\nHave they heard this, and agreed to it today?", abort=True, err=True)
    for question in _new_uses(wanted, left):
        click.confirm(f"Did you ask them: {question} And did they say yes?", abort=True, err=True)
    yes: StorytellersYes
    if by_code:
        yes = ByCode(code=click.prompt("Their receipt code", err=True))
    else:
        yes = SignedOff(key_name=key_name(desk.recipients(), unlocked(identity)), method=method)
    done = keep(desk, story, wanted, yes=yes, notice=shown, today=workspace.today())
    say(f"{done.path} is renewed until {done.consent.expires_on}. Next:")
    say(f"  newsletter stories send-back {done.id}")


def _new_uses(wanted: "Renewal", left: Consent) -> list[str]:
    """One question for each use that they had not allowed: a yes to all at once is not a yes."""
    return [
        *(
            f"may we use it here: {channel.value.replace('_', ' ')}?"
            for channel in sorted(wanted.channels - left.channels)
        ),
        *(
            f"may it appear in this language: {name}?"
            for name in sorted(wanted.languages - left.languages)
        ),
        *(f"may {name} reprint it, as it is?" for name in sorted(wanted.reuse_by - left.reuse_by)),
    ]
