"""`newsletter send`, `audit`, `report` and `bounces` as the person who sends meets them."""

import base64
import io
import json
import os
import re
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import delete, update

from newsletter.cli.send_run import asked_by_signals
from newsletter.errors import AttentionError, ConfigError, UsageError
from newsletter.model.delivery import SendState
from newsletter.model.subscriber import NOT_STORED, Subscriber, SubscriberState
from newsletter.sending import send_control
from newsletter.sending.transports.maildir import make_maildir
from newsletter.store.approval_rows import issue_approvals
from newsletter.store.deliveries import deliveries, senders, sends
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller, two_pieces
from tests.sending.mail_server import recording_mail_server
from tests.sending.recorder import Running
from tests.sending.sendgrid_stub import Stub, taken


@pytest.fixture
def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line in a workspace with an approved issue and five people."""
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "a key for tests only, 32 bytes long")
    two_pieces(workspace)
    workspace.subscribers.add(
        [
            Subscriber(
                id=NOT_STORED, address=f"person{number}@example.org", language=language, state=state
            )
            for number, (language, state) in enumerate(
                [
                    ("en", SubscriberState.CONFIRMED),
                    ("en", SubscriberState.CONFIRMED),
                    ("es", SubscriberState.CONFIRMED),
                    ("es", SubscriberState.PENDING),
                    ("vi", SubscriberState.CONFIRMED),
                ]
            )
        ]
    )

    call = caller(workspace)
    call("draft")
    call("approve", "--no-links", "--as", "Ana")
    return call


def test_a_date_that_is_over_freezes_nobody(run: Run, workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="18:00 has already passed"):
        run("send", "--at", "2020-01-01 18:00", "--yes")
    assert workspace.sending.ledger.latest() is None


def outbox(workspace: Workspace) -> list[Path]:
    folder = workspace.root / "outbox" / "new"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_a_send_from_the_dry_run_to_the_report(run: Run, workspace: Workspace) -> None:
    rehearsed = run("send", "--dry-run", "--json")
    assert json.loads(rehearsed.stdout)["editions"] == {"en": 3, "es": 1}
    assert "left out, unconfirmed: 1" in rehearsed.stderr
    assert outbox(workspace) == []

    sent = run("send", "--yes")
    assert sent.exit_code == 0
    assert "finished: 4 accepted" in sent.stdout
    assert len(outbox(workspace)) == 4

    again = run("send", "--yes")
    assert again.exit_code == 0
    assert len(outbox(workspace)) == 4

    audited = run("audit")
    assert audited.exit_code == 0
    assert "It adds up" in audited.stderr
    found = json.loads(run("audit", "--json").stdout)
    assert (found["candidates"], found["audience"], found["excluded"]) == (5, 4, 1)
    assert found["exclusions"] == {"unconfirmed": 1}

    reported = json.loads(run("report", "--json").stdout)
    assert reported["languages"]["en"] == {
        "people": 3,
        "arrived": 1.0,
        "states": {"accepted": 3},
    }
    assert "example.org" not in run("report").stdout  # four people: a domain would name them


def test_a_send_to_nobody_freezes_nothing(run: Run, workspace: Workspace) -> None:
    for number in range(5):
        run("subscribers", "erase", "--yes", f"person{number}@example.org")
    with pytest.raises(AttentionError, match="nobody would get") as empty:
        run("send", "--yes")
    assert "newsletter subscribers import" in empty.value.hint
    run("subscribers", "add", "ana@example.org", "--language", "en", "--proof", "sheet")
    assert run("send", "--yes").exit_code == 0
    assert len(outbox(workspace)) == 1


def test_without_yes_or_a_terminal_nothing_is_sent(run: Run, workspace: Workspace) -> None:
    asked = run("send")
    assert asked.exit_code == 2
    assert "to 4 people through outbox?" in asked.stderr
    asked = run("send", "--at", "2036-01-01 18:00")
    assert "through outbox on Tuesday, 2036-01-01 at 18:00 P" in asked.stderr
    assert outbox(workspace) == []


def test_a_test_copy_goes_to_one_address_only(run: Run, workspace: Workspace) -> None:
    copied = run("send", "--to", "editor@example.org")
    assert copied.exit_code == 0
    assert len(outbox(workspace)) == 2
    with pytest.raises(UsageError, match="is not an email address"):
        run("send", "--to", "you")
    for path in outbox(workspace):
        assert b"To: editor@example.org\r\n" in path.read_bytes()
        assert b"[TEST]" in path.read_bytes()


def test_a_test_copy_needs_no_approval_and_no_name(run: Run, workspace: Workspace) -> None:
    with workspace.engine.begin() as connection:
        connection.execute(delete(issue_approvals))
    assert "Sent 2 test copies" in run("send", "--to", "editor@example.org").stderr
    assert all(b"[TEST]" in path.read_bytes() for path in outbox(workspace))
    for path in (workspace.root / "issues").glob("*/*.md"):
        path.unlink()
    with pytest.raises(AttentionError, match="there is no draft yet"):
        run("send", "--to", "editor@example.org")


def test_a_bulletin_that_was_begun_goes_on_without_its_name(run: Run, workspace: Workspace) -> None:
    """Else a correction that was killed would seem to be finished: the weekly issue is."""
    run("send", "--yes")
    weekly = str(json.loads(run("audit", "--json").stdout)["issue"])
    bulletin, parts = f"{weekly}-a", workspace.sending
    with workspace.engine.begin() as connection:
        connection.execute(update(sends).values(issue_id=bulletin, state="running"))
    assert send_control.begun_besides(parts, weekly) is None  # who waits for that comes first
    assert send_control.begun_besides(parts) == bulletin
    with pytest.raises(AttentionError, match=f"{bulletin} is not approved"):
        run("send", bulletin, "--yes")


def test_mail_signed_with_dkim_verifies_as_the_server_got_it(
    run: Run, workspace: Workspace, tmp_path: Path
) -> None:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (workspace.root / "dkim.pem").write_bytes(pem)
    server = Running(tmp_path / "accepted")
    settings = f"""
[transport]
kind = "smtp"
host = "127.0.0.1"
port = {server.port}
security = "none"
dkim_domain = "coalition.example"
dkim_selector = "digest"
dkim_key_file = "dkim.pem"
"""
    with (workspace.root / "newsletter.toml").open("a") as toml:
        toml.write(settings)

    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"digest._domainkey.coalition.example."
        der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)

    try:
        assert run("send", "--yes").exit_code == 0
    finally:
        server.close()
    assert len(server.recorder.contents) == 4
    for content in server.recorder.contents:
        assert dkim.verify(content, dnsfunc=dns)
        assert not dkim.verify(content.replace(b"Clinic", b"Clinix"), dnsfunc=dns)


SENDGRID = """
[transport]
kind = "sendgrid"
host = "{host}"
port = {port}
security = "none"
hold_minutes = 30
"""


def test_mail_that_sendgrid_holds_is_recalled_by_cancelling(
    run: Run, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.key")

    def respond(body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        if "personalizations" in body:
            return taken(body)
        return 201, {}, b'{"batch_id": "HkJ5yLYULb7Rj8GKSx7u025ouWVlMgAi"}'

    with Stub(tmp_path / "taken", respond) as stub:
        settings = SENDGRID.format(host="127.0.0.1", port=stub.port)
        with (workspace.root / "newsletter.toml").open("a") as toml:
            toml.write(settings)
        begun = int(datetime.now(UTC).timestamp())
        assert run("send", "--yes").exit_code == 0
        ended = datetime.now(UTC).timestamp()
        cancelled = run("send", "--cancel", "--yes")
    assert "is cancelled" in cancelled.stderr
    assert stub.paths[0] == "/v3/mail/batch"
    mails = [body for body in stub.bodies if body and "personalizations" in body]
    assert sum(len(body["personalizations"]) for body in mails) == 4
    assert {body["batch_id"] for body in mails} == {"HkJ5yLYULb7Rj8GKSx7u025ouWVlMgAi"}
    assert all(begun + 1800 <= body["send_at"] <= ended + 1800 for body in mails)
    assert stub.paths[-1] == "/v3/user/scheduled_sends"
    recalled = {"batch_id": "HkJ5yLYULb7Rj8GKSx7u025ouWVlMgAi", "status": "cancel"}
    assert stub.bodies[-1] == recalled
    with pytest.raises(AttentionError, match="cancelled"):
        run("send", "--yes")


def test_the_key_of_sendgrid_never_travels_unprotected(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.key")
    with (workspace.root / "newsletter.toml").open("a") as toml:
        toml.write(SENDGRID.format(host="sendgrid.example", port=80))
    with pytest.raises(ConfigError, match="never sent over an unencrypted connection"):
        run("send", "--yes")


def test_a_draft_edited_after_the_approval_is_not_sent(run: Run, workspace: Workspace) -> None:
    path = next(workspace.root.glob("issues/*/en.md"))
    path.write_text(path.read_text().replace("Clinic in en", "Clinic on Sunday"))
    with pytest.raises(AttentionError, match="changed after it was approved"):
        run("send", "--yes")


def test_without_the_secret_key_the_send_says_which_is_missing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSLETTER_SECRET_KEY")
    with pytest.raises(ConfigError, match="NEWSLETTER_SECRET_KEY"):
        run("send", "--yes")


def test_a_script_does_not_pass_a_warning_by_accident(run: Run, workspace: Workspace) -> None:
    run("send", "--yes")
    issue = next((workspace.root / "issues").iterdir()).name
    later = f"{issue[:6]}{(int(issue[6:8]) % 50) + 1:02d}"
    workspace.subscribers.add(
        [
            Subscriber(
                id=NOT_STORED,
                address=f"new{number}@example.org",
                language="es",
                state=SubscriberState.CONFIRMED,
            )
            for number in range(60)
        ]
    )
    (workspace.root / "issues" / issue).rename(workspace.root / "issues" / later)
    run("approve", later, "--no-links", "--as", "Ana")
    with pytest.raises(AttentionError, match="needs to look"):
        run("send", later, "--yes")
    assert run("send", later, "--yes", "--anyway").exit_code == 0


def test_pausing_what_was_never_sent_is_wrong_usage(run: Run) -> None:
    with pytest.raises(UsageError, match="nothing to pause"):
        run("send", "--pause")
    with pytest.raises(UsageError, match="nothing has been sent yet"):
        run("audit")


def test_deciding_about_the_uncertain_takes_a_name(run: Run) -> None:
    run("send", "--yes")
    with pytest.raises(UsageError, match="who decides"):
        run("send", "--uncertain", "skip", "--yes")
    assert run("send", "--uncertain", "skip", "--by", "Ana", "--yes").exit_code == 0


@pytest.mark.parametrize(
    "change", [("--cancel",), ("--pause",), ("--resume",), ("--uncertain", "skip", "--by", "Ana")]
)
def test_a_dry_run_changes_nothing(run: Run, workspace: Workspace, change: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="--dry-run changes nothing"):
        run("send", begun(run, workspace), "--dry-run", "--yes", *change)
    (send,) = workspace.ledger.sends()
    assert send.state is SendState.PAUSED


def begun(run: Run, workspace: Workspace) -> str:
    """An issue whose send is paused, and that two people of four have."""
    issue: str = json.loads(run("send", "--yes", "--json").stdout)["issue"]
    with workspace.engine.begin() as connection:
        last = deliveries.c.id.in_([3, 4])
        connection.execute(update(deliveries).where(last).values(state="waiting", sender_id=None))
        connection.execute(update(sends).values(state="paused"))
    return issue


def test_who_may_not_go_on_leaves_the_send_paused(run: Run, workspace: Workspace) -> None:
    sent = begun(run, workspace)
    with pytest.raises(AttentionError, match="older than what was sent"):
        run("send", sent, "--resume", "--yes")
    (witness,) = workspace.root.glob("issues/*/sent.json")
    for file in (witness, *workspace.state_folder.path.rglob("sent.json")):
        file.unlink()  # as if it had been paused there
    assert run("send", sent, "--resume").exit_code == 2, "nobody can say yes"
    with workspace.engine.begin() as connection:
        approvals = connection.execute(issue_approvals.select()).mappings().all()
        connection.execute(delete(issue_approvals))
    with pytest.raises(AttentionError, match="is not approved"):
        run("send", sent, "--resume", "--yes")
    (send,) = workspace.ledger.sends()
    assert send.state is SendState.PAUSED
    with workspace.engine.begin() as connection:
        connection.execute(issue_approvals.insert(), [dict(one) for one in approvals])
    assert run("send", sent, "--resume", "--yes").exit_code == 0


def test_who_got_it_after_the_database_was_copied_is_not_forgotten(
    run: Run, workspace: Workspace
) -> None:
    sent = begun(run, workspace)
    cancelled = run("send", sent, "--cancel", "--yes")
    assert "2 people already have it" in cancelled.stderr
    assert "Others may have it too" in cancelled.stderr
    assert "does not know of at least 2 people" in cancelled.stderr
    (draft,) = workspace.root.glob("issues/*/en.md")
    draft.write_text(draft.read_text("utf-8").replace("Saturday", "Sunday"), "utf-8")
    assert "Others may have it too" in run("correct", sent).stderr


def test_nobody_is_sent_it_again_by_a_ledger_that_may_not_know_of_it(
    run: Run, workspace: Workspace
) -> None:
    sent = json.loads(run("send", "--yes", "--json").stdout)["issue"]
    with workspace.engine.begin() as connection:  # of before a `resend`
        refused = update(deliveries).where(deliveries.c.id == 1).values(state="refused")
        connection.execute(update(deliveries).values(sender_id=None))
        connection.execute(refused)
        connection.execute(delete(senders))
    again = ("resend", sent, "--by", "Ana", "--yes")
    for more in ([], ["--dry-run"]):
        with pytest.raises(AttentionError, match="does not know of 1 run of send") as stopped:
            run(*again, *more)
        assert "--cancel" not in stopped.value.hint, "nothing is under way"
    (send,) = workspace.ledger.sends()
    assert send.state is SendState.FINISHED
    assert run("send", sent, "--anyway", "--by", "Ana", "--yes").exit_code == 0
    assert run(*again).exit_code == 0


def test_an_audit_that_does_not_add_up_exits_with_1(run: Run, workspace: Workspace) -> None:
    run("send", "--yes")
    with workspace.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM deliveries WHERE id = 1")
    audited = run("audit")
    assert audited.exit_code == 1
    assert "does not add up: 4 people were frozen into the audience, but 3" in audited.stdout


def test_returned_mail_ends_an_address(run: Run, workspace: Workspace, tmp_path: Path) -> None:
    run("send", "--yes")
    token = outbox(workspace)[0].name.partition(".")[0]
    issue = next((workspace.root / "issues").iterdir()).name
    maildir = tmp_path / "bounces"
    make_maildir(maildir)
    bounce = returned(f"bounce+{token}@coalition.example", "5.1.1")
    (maildir / "new" / "1").write_text(bounce)
    (maildir / "new" / "2").write_text("Subject: something else\n\nHello\n")

    read = json.loads(run("bounces", "read", str(maildir), "--json").stdout)
    assert read == {
        "messages": 2,
        "kinds": {"bounced": 1},
        "suppressed": 1,
        "trials": 0,
        "passed_over": 1,
        "unreadable": [],
    }
    assert len(list((maildir / "cur").iterdir())) == 2
    assert list((maildir / "new").iterdir()) == []
    parts = workspace.sending
    assert send_control.known(parts, issue).state.value == "finished"
    assert json.loads(run("report", "--json").stdout)["events"] == {"bounced": 1}


@pytest.mark.parametrize(("status", "ended"), [("5.1.1", True), ("4.2.2", False)])
def test_a_confirmation_that_comes_back_ends_a_dead_address(
    run: Run, workspace: Workspace, tmp_path: Path, status: str, ended: bool
) -> None:
    """It was passed over: whoever mistyped an address was mailed again with each reminder."""
    toml = workspace.root / "newsletter.toml"
    with recording_mail_server() as (port, envelopes):
        smtp = 'kind = "smtp"\nhost = "127.0.0.1"\nsecurity = "none"\nreturn_domain = "b.example"\n'
        toml.write_text(f"{toml.read_text()}\n[transport]\n{smtp}port = {port}\n")
        here = Workspace.open(workspace.root, os.environ)
        person = here.subscribers.by_address("person3@example.org")
        assert person is not None
        here.notices.ask_to_confirm(person, now=here.now())
        here.engine.dispose()
    (envelope,) = envelopes
    assert re.fullmatch(r"bounce\+[0-9a-f]{32}@b\.example", envelope.mail_from)
    maildir = tmp_path / "bounces"
    make_maildir(maildir)
    (maildir / "new" / "1").write_text(returned(envelope.mail_from, status))
    read = json.loads(run("bounces", "read", str(maildir), "--json").stdout)
    assert (read["suppressed"], read["passed_over"]) == (int(ended), 0)
    assert (workspace.subscribers.suppression("person3@example.org") is not None) == ended


def returned(to: str, status: str) -> str:
    return (
        f"To: {to}\nFrom: MAILER-DAEMON@mx.example\n"
        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; "
        'boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n'
        f"Final-Recipient: rfc822; x@y\nAction: failed\nStatus: {status}\n\n--b--\n"
    )


def test_a_folder_that_is_no_maildir_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no Maildir"):
        run("bounces", "read", str(tmp_path))
    with pytest.raises(UsageError, match="cannot read"):
        run("bounces", "read", "pop3://x")


def test_a_database_from_before_the_send_is_refused_until_somebody_goes_on(
    run: Run, workspace: Workspace
) -> None:
    sent = json.loads(run("send", "--yes", "--json").stdout)["issue"]
    with workspace.engine.begin() as connection:  # as it was before: nobody got it, no run
        connection.execute(update(deliveries).values(state="waiting", sender_id=None))
        connection.execute(update(sends).values(state="running"))
        connection.execute(delete(senders))
    audited = run("audit", sent)
    assert audited.exit_code == 1
    assert "does not know of at least 4 people" in audited.stdout
    assert "goes on" not in audited.stdout, "it does not"
    with pytest.raises(AttentionError, match="older than what was sent"):
        run("send", sent, "--yes", "--anyway")
    assert run("send", sent, "--yes", "--anyway", "--by", "Ana").exit_code == 0
    assert len(outbox(workspace)) == 4
    audited = run("audit", sent)
    assert audited.exit_code == 0
    assert "Ana; at least 4 people may have got it twice" in audited.stdout
    assert json.loads(run("audit", sent, "--json").stdout)["went_on"][0]["by"] == "Ana"


class Gone(io.StringIO):
    """A terminal that was closed."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_being_asked_to_end_is_heard_also_when_the_terminal_is_gone(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(number)
    with asked_by_signals() as stop:
        monkeypatch.setattr(sys, "stderr", Gone())
        signal.raise_signal(number)
        assert signal.getsignal(number) is signal.SIG_DFL  # a second one ends at once
    assert stop.is_asked
    assert signal.getsignal(number) is before
