"""newsletter feeds add"""

import difflib
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.feeds_options import with_details, with_terms
from newsletter.cli.output import confirm, counted, item_day, note, yes_option
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import AttentionError, NewsletterError
from newsletter.model.address import host_of, same_address
from newsletter.model.organisation import Feed, Organisation, Terms

if TYPE_CHECKING:
    from newsletter.members.find import FoundFeed


THEIRS = "theirs"  # whose feed it is, among the kept answers


@click.command(epilog="Example: newsletter feeds add https://harbor.example")
@click.argument("url")
@click.option(
    "--organisation", "organisation_id", help="The id of its organisation, new or registered."
)
@with_details
@with_terms
@yes_option
@pass_workspace
def add(
    workspace: Workspace,
    /,
    url: str,
    organisation_id: str | None,
    typed: dict[str, Any],
    yes: bool,
    **details: Any,
) -> None:
    """Find the feed of the website at URL, show its latest entries, and add it to feeds.yaml.

    Asks about the organisation and what may be reprinted, unless the options say it. Stop whenever
    you like: what you answered stands there when you call it again.
    """
    from newsletter.cli.feeds_questions import check_given
    from newsletter.members.change import add as register
    from newsletter.members.change import refuse_second
    from newsletter.members.find import find
    from newsletter.members.kept_answers import KeptAnswers
    from newsletter.members.registry import FILE

    members = workspace.organisations if workspace.files.exists(FILE) else ()
    check_given(organisation_id or "", details["languages"], details["contact"] or "")
    asks = sys.stdin.isatty() and not yes
    note(f"Looking for feeds at {url} …")
    search = find(url, workspace.feed_reader())
    for address in search.untried:
        note(f"  not tried: {address}")
    registered = {same_address(feed.url) for member in members for feed in member.feeds}
    fresh = [feed for feed in search.feeds if same_address(feed.url) not in registered]
    picked = KeptAnswers(workspace.files, f"which feed of {url}")
    found = _chosen(search.feeds, fresh, picked, asks=asks)
    refuse_second(members, found.url)
    _show_entries(found)
    kept = KeptAnswers(workspace.files, found.url)
    try:
        new = None
        who = organisation_id or _same_site(found, members, kept, asks=asks)
        if who not in {member.id for member in members}:
            answers = _asked(found, members, kept, details, typed) if asks else {}
            if not asks:
                details["languages"] = details["languages"] or found.languages[:1]
            new = _new_member(found, who, members, details | answers, typed)
        elif typed or any(details.values()):
            note(f"{who} is a member already: newsletter feeds edit {who} changes the rest.")
        who = new.id if new else who
        confirm(f"Add {found.url} for {who}?", yes=yes, default=True)
        feed = Feed(url=found.url, kind=found.kind)
        register(workspace.files, feed=feed, organisation_id=who, new=new)
    except (click.Abort, KeyboardInterrupt):
        what = "what you answered is kept" if kept.read() else "nothing was asked yet"
        again = f"newsletter feeds add {url}"
        raise AttentionError(f"stopped, nothing was added; {what}", hint=again) from None
    except NewsletterError:
        if kept.read():
            note("What you answered is kept.")
        raise
    kept.keep({})
    picked.keep({})
    note(f"Added to feeds.yaml for {who}. Next: newsletter pull {who}")
    for other in fresh:
        if other is not found:
            note(f"It has another feed: newsletter feeds add {other.url} --organisation {who}")


def _chosen(
    feeds: "Sequence[FoundFeed]", fresh: "Sequence[FoundFeed]", picked: Any, *, asks: bool
) -> "FoundFeed":
    """Return the feed to add: the likeliest, or the one that an editor picks, or picked before, of
    those that are not registered."""
    if len(feeds) > 1:
        for number, feed in enumerate(feeds, 1):
            latest = f", latest {item_day(feed.items[0])}" if feed.items else ""
            entries = f"{counted(len(feed.items), 'item')}{latest}"
            mark = "" if feed in fresh else ", registered already"
            note(f"{number}. {feed.title or feed.url} ({feed.format}, {entries}{mark}) {feed.url}")
    if not asks or not fresh:
        return feeds[0]
    before = picked.read().get("feed")
    first = next((feed for feed in fresh if feed.url == before), fresh[0])
    if len(fresh) < 2:
        return first
    number = click.prompt(
        "Which one first",
        type=click.IntRange(1, len(feeds)),
        default=feeds.index(first) + 1,
        err=True,
    )
    picked.keep({"feed": feeds[number - 1].url})
    return feeds[number - 1]


def _show_entries(found: "FoundFeed") -> None:
    note(" · ".join(filter(None, (found.title, found.format, found.url))))
    for item in found.items[:5]:
        note(f"  {item_day(item)}  {item.title}")
    for warning in found.warnings:
        note(f"  warning: {warning}")


def _same_site(
    found: "FoundFeed", members: Sequence[Organisation], kept: Any, *, asks: bool
) -> str:
    """Return the id of the member whose site this is, if the editor says so."""
    host = host_of(found.site) or host_of(found.url)
    theirs = [member for member in members if host_of(member.url) == host]
    if len(theirs) != 1 or not asks:
        return ""
    member = theirs[0]
    question = f"{member.name} ({member.id}) is on the same site. Is this a feed of theirs?"
    is_same = same_address(member.url) == same_address(found.site)  # not one of a big host's
    answers = kept.read()
    default = answers[THEIRS] == "yes" if THEIRS in answers else is_same
    is_theirs = click.confirm(question, default=default, err=True)
    kept.keep(answers | {THEIRS: "yes" if is_theirs else "no"})
    return member.id if is_theirs else ""


def _asked(
    found: "FoundFeed",
    members: Sequence[Organisation],
    kept: Any,
    details: Mapping[str, Any],
    typed: dict[str, Any],
) -> dict[str, Any]:
    """Ask what the options leave open; put the terms among those `typed`, return the rest."""
    from newsletter.cli import feeds_questions
    from newsletter.members.topics_and_regions import TopicsAndRegions

    known = TopicsAndRegions.of(members)
    asked = feeds_questions.questions(
        title=found.title or host_of(found.site),
        languages=found.languages[:1],
        regions=known.regions,
        topics=known.topics,
    )
    given = {name for name, value in details.items() if value} | typed.keys()
    answers = feeds_questions.ask(asked, kept.read(), kept.keep, without=given)
    typed |= {
        name: value for name, value in feeds_questions.terms(answers).items() if name not in typed
    }
    return {
        name: value for name, value in feeds_questions.details(answers).items() if name not in given
    }


def _new_member(
    found: "FoundFeed",
    organisation_id: str,
    members: Sequence[Organisation],
    details: dict[str, Any],
    typed: Mapping[str, Any],
) -> Organisation:
    """Return the member as options and answers say it; with --yes an excerpt, no pictures."""
    from newsletter.members.registry_edit import slug

    known = {member.id for member in members}
    _note_near(organisation_id, known)
    name = details.pop("name") or found.title or host_of(found.site)
    return Organisation(
        id=organisation_id or slug(name, known),
        name=name,
        url=found.site,
        terms=Terms(**typed),
        feeds=(Feed(url=found.url, kind=found.kind),),
        **details,
    )


def _note_near(organisation_id: str, known: Collection[str]) -> None:
    """A slip in the id of a member makes a second one: say that there is one much like it."""
    for near in difflib.get_close_matches(organisation_id, known, n=1):
        note(f"{organisation_id} is new. If you mean {near}: --organisation {near}")
