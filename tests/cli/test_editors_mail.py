"""`editors list` and `editors test`: who hears what by mail, and whether it arrives."""

import email
import json
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.smtp import Envelope

from newsletter.config import load
from newsletter.doctor.workspace import examine
from newsletter.errors import ServiceError, UsageError
from newsletter.model.reminder import ReminderKey, ReminderKind, WantedMail
from newsletter.wiring import Workspace
from tests.cli.calling import caller
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML
from tests.sending.mail_server import recording_mail_server

BO = 'name = "Bo"\naddress = "bo@x.example"\nhears = ["sent", "draft"]\nsummary = "weekly"\n'


def message_of(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    return email.message_from_bytes(envelope.content, policy=default)  # type: ignore[return-value]


@pytest.fixture
def answer() -> str:
    return "250 2.0.0 ok"


@pytest.fixture
def mailed(workspace: Workspace, answer: str) -> Iterator[list[Envelope]]:
    """What the mail server was given; Bo hears two things, Ana has no address."""
    with recording_mail_server(answer) as (port, envelopes):
        transport = f'[transport]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {port}\n'
        toml = NEWSLETTER_TOML.replace('name = "Bo"\n', BO) + transport + 'security = "none"\n'
        (workspace.root / "newsletter.toml").write_text(toml, encoding="utf-8")
        yield envelopes


def test_the_list_says_who_hears_what(workspace: Workspace, mailed: list[Envelope]) -> None:
    ana, bo = json.loads(caller(workspace)("editors", "list", "--json").output)
    assert (ana["address"], ana["hears"]) == ("", "nothing: no address")
    assert (bo["hears"], bo["quiet"], bo["summary"]) == ("draft, sent", "20:00-08:00", "weekly")
    assert "bo@x.example" in caller(workspace)("editors", "list").output


def test_a_test_mail_goes_to_an_editor_by_name(
    workspace: Workspace, mailed: list[Envelope]
) -> None:
    run = caller(workspace)
    assert "A test mail to Bo has left" in run("editors", "test", "bo").output
    (envelope,) = mailed
    assert envelope.rcpt_tos == ["bo@x.example"]
    assert message_of(envelope)["Subject"] == "Test mail: the newsletter's mail works"
    with pytest.raises(UsageError, match="Ana has no address"):
        run("editors", "test", "Ana")
    with pytest.raises(UsageError, match="Cy is not one of the editors") as caught:
        run("editors", "test", "Cy")
    assert caught.value.hint == "one of: Ana, Bo"
    with pytest.raises(UsageError, match="an editor has a name"):
        run("editors", "test", " ")


def test_a_test_mail_is_in_the_language_of_the_editor(
    workspace: Workspace, mailed: list[Envelope]
) -> None:
    toml = workspace.root / "newsletter.toml"
    spanish = f'{BO}languages = ["es"]\n'
    toml.write_text(toml.read_text("utf-8").replace(BO, spanish), "utf-8")
    caller(workspace)("editors", "test", "Bo")
    message = message_of(mailed[0])
    assert message["Subject"] == "Correo de prueba: el correo del boletín funciona"
    assert message["Content-Language"] == "es"
    assert "carpeta de spam" in message.as_string()


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user"])
def test_a_refused_test_mail_says_so(workspace: Workspace, mailed: list[Envelope]) -> None:
    with pytest.raises(ServiceError, match="the mail to Bo was not taken") as caught:
        caller(workspace)("editors", "test", "Bo")
    assert caught.value.exit_code == 3


def test_doctor_names_an_editor_whose_mail_does_not_arrive(
    workspace: Workspace, mailed: list[Envelope]
) -> None:
    opened = Workspace(config=load(workspace.root, ENVIRONMENT))

    def said() -> list[tuple[str, str]]:
        findings = examine(opened, lookup=lambda _: [])
        return [
            (str(one.status), f"{one.message} {one.hint}")
            for one in findings
            if one.part == "mails to editors"
        ]

    assert said() == [("fine", "editors with an address: 1; no mail to them is stuck ")]
    now = opened.now()
    for editor in ("Bo", "Ana"):  # who has no address any more
        opened.reminders.add([WantedMail(ReminderKey(ReminderKind.SENT), editor, now)], now=now)
    ids = [one.id for one in opened.reminders.due(now=now)]
    opened.reminders.give_up(ids, now=now, reason="550 no such user")
    ((status, message),) = said()
    assert status == "look"
    assert message == (
        "Bo: 0 wait and 1 were given up in 30 days: 550 no such user "
        "is the address right? newsletter editors test Bo"
    )
    opened.engine.dispose()
