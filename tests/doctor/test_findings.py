"""What doctor finds in settings, secrets and DNS."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from newsletter.config import Config
from newsletter.doctor.findings import Status, secrets, settings
from newsletter.doctor.sender_domain import NO_SUCH_NAME, look_up, mail_hosts, sender_domain
from newsletter.doctor.workspace import _domain, examine
from newsletter.errors import ConfigError
from newsletter.model.notice import NoticeKind
from newsletter.model.subscriber import (
    NOT_STORED,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from newsletter.wiring import Workspace
from tests.conftest import NEWSLETTER_TOML
from tests.doctor.name_server import name_server
from tests.stories.making import give_keys, take

Make = Callable[..., Config]


def statuses(found: list) -> dict[str, Status]:  # type: ignore[type-arg]
    return {finding.part: finding.status for finding in found}


def test_a_logo_that_cannot_be_shown_is_named_and_others_are_weighed(
    make_config: Callable[..., Config],
) -> None:
    toml = NEWSLETTER_TOML.replace(
        "[coalition]", '[coalition]\nlogo = "logo.svg"\nlogo_alt = "A lantern"'
    )
    config = make_config(toml)
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
    for inside, status, message in (
        ("<text>Hi</text>", Status.MISSING, "logo.svg: the logo has text in it"),
        ('<path d="M0 0h9v9z"/>', Status.LOOK, "can hardly be seen on the masthead (light mode)"),
        ('<path d="M0 0h9v9z" fill="#fff"/>', Status.FINE, "bytes to each mail"),
    ):
        (config.root / "logo.svg").write_text(drawing.format(inside))
        found = examine(Workspace(config=config), lookup=lambda _: [])
        first = next(one for one in found if one.part == "logo")
        assert first.status is status
        assert message in first.message


def test_a_complete_workspace_lacks_nothing(config: Config) -> None:
    assert set(statuses(settings(config)).values()) == {Status.FINE}
    assert statuses(secrets(config)) == {"NEWSLETTER_SECRET_KEY": Status.FINE}


@pytest.mark.parametrize(
    ("transport", "wanted"),
    [
        ('kind = "sendgrid"', "SENDGRID_API_KEY"),
        ('kind = "smtp"\nhost = "mail"\nusername = "us"', "NEWSLETTER_SMTP_PASSWORD"),
    ],
)
def test_a_transport_wants_its_secret(make_config: Make, transport: str, wanted: str) -> None:
    toml = NEWSLETTER_TOML + f"[transport]\n{transport}\n"
    assert statuses(secrets(make_config(toml)))[wanted] is Status.MISSING
    assert statuses(secrets(make_config(toml, **{wanted: "x"})))[wanted] is Status.FINE


def test_a_server_is_told_where_its_service_reads_a_secret(make_config: Make) -> None:
    workspace = Workspace(config=make_config(NEWSLETTER_TOML, NEWSLETTER_SECRET_KEY=""))

    def hint() -> str:
        found = {one.part: one.hint for one in examine(workspace, lookup=lambda _: [])}
        return found["NEWSLETTER_SECRET_KEY"]

    assert hint().startswith("export NEWSLETTER_SECRET_KEY=…")
    (workspace.root / "server").mkdir()
    assert hint().startswith("write NEWSLETTER_SECRET_KEY='…' into /etc/newsletter.env; ")
    assert "export NEWSLETTER_SECRET_KEY=…" in hint()


def test_without_a_key_it_says_what_cannot_be_done(make_config: Make) -> None:
    workspace = Workspace(config=make_config(NEWSLETTER_TOML, NEWSLETTER_SECRET_KEY=""))
    (finding,) = secrets(workspace.config)
    assert finding.message == (
        "not set: without it nobody can be mailed, nor imported once anybody has left"
    )
    now = workspace.now()
    ana = Subscriber(
        id=NOT_STORED, address="ana@x.example", language="en", state=SubscriberState.CONFIRMED
    )
    assert workspace.subscribers.add([ana]).added == 1
    with pytest.raises(ConfigError, match="we cannot make unsubscribe links"):
        _ = workspace.links
    other = Workspace(config=make_config(NEWSLETTER_TOML))
    other.subscribers.suppress_new(["bo@x.example"], SuppressionReason.LEFT, now)
    with pytest.raises(ConfigError, match="we cannot check"):
        workspace.subscribers.add([replace(ana, address="cy@x.example")])


def test_a_short_key_is_remarked_on_but_not_shown(make_config: Make) -> None:
    (finding,) = secrets(make_config(NEWSLETTER_TOML, NEWSLETTER_SECRET_KEY="hunter2"))
    assert finding.status is Status.LOOK
    assert "hunter2" not in finding.message + finding.hint


def test_too_few_editors_for_a_bulletin_is_worth_a_look(make_config: Make) -> None:
    toml = NEWSLETTER_TOML.replace('[[editors]]\nname = "Bo"\n', "")
    assert statuses(settings(make_config(toml)))["editors"] is Status.LOOK


def test_one_click_leaving_over_plain_http_is_worth_a_look(make_config: Make) -> None:
    toml = NEWSLETTER_TOML.replace("https://news", "http://news")
    toml += '[transport]\nkind = "smtp"\nhost = "mail.example"\n'
    assert statuses(settings(make_config(toml)))["public pages"] is Status.LOOK


RECORDS = {
    "us.example": ["google-site-verification=1", "v=spf1 include:sendgrid.net -all"],
    "s1._domainkey.us.example": ["v=DKIM1; k=rsa; p=MIGf"],
    "_dmarc.us.example": ["v=DMARC1; p=none"],
}


def test_a_domain_with_every_record_is_fine() -> None:
    found = sender_domain(
        "us.example",
        spf="us.example",
        dkim=("us.example", "s1"),
        lookup=lambda name: RECORDS.get(name, []),
    )
    assert statuses(found) == dict.fromkeys(("SPF", "DKIM", "DMARC"), Status.FINE)


def test_each_missing_record_is_named_with_where_it_belongs() -> None:
    found = sender_domain(
        "us.example", spf="us.example", dkim=("us.example", "s1"), lookup=lambda _: []
    )
    assert statuses(found) == dict.fromkeys(("SPF", "DKIM", "DMARC"), Status.LOOK)
    assert "_dmarc.us.example" in found[2].message


def test_a_domain_that_is_not_there_is_not_fine(workspace: Workspace) -> None:
    (finding,) = sender_domain(
        "us.exmaple", spf="us.exmaple", dkim=("", ""), lookup=lambda _: NO_SUCH_NAME
    )
    assert finding.status is Status.MISSING
    assert "is it spelled right?" in finding.message


RETURNS = """[transport]
kind = "smtp"
host = "mail.example"
return_domain = "bounces.coalition.example"
"""


@pytest.mark.parametrize(
    ("published", "wrong"),
    [
        ({"bounces.coalition.example": ["v=spf1 -all", "MX 10 news.coalition.example."]}, []),
        ({"bounces.coalition.example": ["v=spf1 -all"]}, ["returned mail"]),
        ({"bounces.coalition.example": ["MX 10 news.coalition.example."]}, ["SPF"]),
        ({}, ["SPF", "returned mail"]),
    ],
)
def test_spf_and_mx_are_asked_of_the_domain_that_mail_comes_back_to(
    make_config: Make, published: dict[str, list[str]], wrong: list[str]
) -> None:
    """What `doctor dkim` prints is what `doctor` looks for: the sender's own needs no SPF."""
    workspace = Workspace(config=make_config(NEWSLETTER_TOML + RETURNS))
    dmarc = {"_dmarc.coalition.example": ["v=DMARC1; p=none"], "coalition.example": []}
    with name_server({**dmarc, **published}):
        found = _domain(workspace, look_up, mail_hosts)
    assert [one.part for one in found if one.status is not Status.FINE] == wrong


def test_of_sendgrid_only_dmarc_is_asked_for(make_config: Make) -> None:
    toml = NEWSLETTER_TOML + RETURNS.replace("smtp", "sendgrid") + 'dkim_domain = "x.example"\n'
    workspace = Workspace(config=make_config(toml))
    found = _domain(workspace, lambda _: [], lambda _: [])
    assert [one.part for one in found] == ["transport", "DMARC"]


def test_a_sender_at_a_mail_provider_is_worth_a_look(make_config: Make) -> None:
    toml = NEWSLETTER_TOML.replace("@coalition.example", "@gmail.com") + RETURNS
    workspace = Workspace(config=make_config(toml))
    assert statuses(settings(workspace.config))["sender"] is Status.LOOK
    assert [one.part for one in _domain(workspace, lambda _: [], lambda _: [])] == ["transport"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://news.us.example", Status.LOOK),
        ("http://127.0.0.1:8000", Status.FINE),
        ("https://news.us.example", Status.FINE),
    ],
)
def test_pages_that_are_not_https_are_named(make_config: Make, url: str, status: Status) -> None:
    config = make_config(NEWSLETTER_TOML.replace("https://news.coalition.example", url))
    assert statuses(settings(config))["public pages"] is status


def test_readers_cannot_open_pages_of_this_computer(
    make_config: Make, workspace: Workspace
) -> None:
    toml = NEWSLETTER_TOML.replace("https://news.coalition.example", "http://127.0.0.1:8000")
    config = make_config(toml + '[transport]\nkind = "smtp"\nhost = "mail.example"\n')
    workspace.__dict__["config"] = config
    found = examine(workspace, lookup=lambda _: NO_SUCH_NAME)
    messages = [each.message for each in found if each.part == "public pages"]
    assert messages == ["only this computer can open 127.0.0.1"]


def test_pages_that_no_name_server_knows_are_not_also_ok(
    make_config: Make, workspace: Workspace
) -> None:
    config = make_config(NEWSLETTER_TOML + '[transport]\nkind = "smtp"\nhost = "mail.example"\n')
    workspace.__dict__["config"] = config
    found = examine(workspace, lookup=lambda _: NO_SUCH_NAME)
    (pages,) = (each for each in found if each.part == "public pages")
    assert pages.status is Status.MISSING


def test_no_name_server_is_no_verdict() -> None:
    (finding,) = sender_domain("us.example", spf="us.example", dkim=("", ""), lookup=lambda _: None)
    assert finding.status is Status.LOOK
    assert "no name server" in finding.message


def test_a_mail_that_somebody_asked_for_and_that_cannot_leave_is_named(
    workspace: Workspace,
) -> None:
    queue, part = workspace.notice_queue, "mails asked for"
    assert statuses(examine(workspace, lookup=lambda _: []))[part] is Status.FINE
    queue.put(1, NoticeKind.CONFIRM, now=workspace.now())
    notice = queue.take(now=workspace.now(), lease=timedelta(minutes=1))
    assert notice is not None
    queue.give_up(notice, now=workspace.now(), reason="cannot reach mail.example")
    (found,) = [one for one in examine(workspace, lookup=lambda _: []) if one.part == part]
    assert found.status is Status.LOOK
    assert (
        "waiting: 0, given up in 30 days: 1; the last of them: cannot reach mail.example"
        in found.message
    )


def test_what_is_kept_longer_than_storytellers_were_told_is_said(workspace: Workspace) -> None:
    """Nothing said that `stories purge` had not run for a year."""
    services = workspace.story_services
    give_keys(services)
    part = "promised time"
    take(services, today=workspace.today())
    assert statuses(examine(workspace, lookup=lambda _: []))[part] is Status.FINE
    take(services, today=date(2020, 1, 31))
    assert statuses(examine(workspace, lookup=lambda _: []))[part] is Status.LOOK
