"""Mailboxes of returned mail: each message is given until it was dealt with, and no longer."""

import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from newsletter.errors import ServiceError, UsageError
from newsletter.sending.results.mailbox import Imap, Maildir, open_mailbox
from tests.sending.certificates import make_certificate
from tests.sending.dovecot import PROGRAM, dovecot
from tests.sending.imap_server import PASSWORD, USER, Mailbox, serving
from tests.sending.introspection import introspection

FIRST = b"Subject: one\r\n\r\nreturned (\r\n"
SECOND = b"Subject: two\r\n\r\n" + bytes(range(128, 256)) + b"\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@contextmanager
def imap(
    port: int, certificate: Path, password: str = PASSWORD, folder: str = "INBOX"
) -> Iterator[Imap]:
    trusting = ssl.create_default_context(cafile=str(certificate))
    url = f"imaps://{USER}@localhost:{port}/{folder}"
    with closing(Imap(url, password, tls=trusting)) as mailbox:
        yield mailbox


def test_unseen_messages_are_given_byte_for_byte_and_stay_unseen_until_marked(
    certificate: Path,
) -> None:
    box = Mailbox({3: FIRST, 5: SECOND, 9: b"seen"}, seen={9})
    with serving(box, certificate) as port:
        with imap(port, certificate) as mailbox:
            assert list(mailbox.unread()) == [("3", FIRST), ("5", SECOND)]
            assert box.seen == {9}
            mailbox.mark_read("3")
            assert box.seen == {3, 9}
        with imap(port, certificate) as mailbox:
            assert [name for name, _ in mailbox.unread()] == ["5"]
    assert box.logged_out == 2


def test_an_empty_mailbox_gives_nothing(certificate: Path) -> None:
    with serving(Mailbox({}), certificate) as port, imap(port, certificate) as mailbox:
        assert list(mailbox.unread()) == []


def test_a_mailbox_that_breaks_off_keeps_the_rest_for_the_next_time(certificate: Path) -> None:
    box = Mailbox({1: FIRST, 2: SECOND}, breaks_off_after=1)
    with serving(box, certificate) as port, imap(port, certificate) as mailbox:
        found = mailbox.unread()
        name, _ = next(found)
        mailbox.mark_read(name)
        with pytest.raises(ServiceError, match="the connection to the mailbox was lost"):
            next(found)
    assert box.seen == {1}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "other"}, "cannot open the mailbox at localhost: wrong password"),
        ({"folder": "Spam"}, "no folder 'Spam'"),
    ],
)
def test_a_mailbox_that_does_not_open_says_why(
    certificate: Path, changes: dict[str, str], words: str
) -> None:
    with (
        serving(Mailbox({}), certificate) as port,
        pytest.raises(ServiceError, match=words),
        imap(port, certificate, **changes),
    ):
        pass


@pytest.mark.parametrize(
    ("server", "words"),
    [("127.0.0.1:1", "nothing answers at that port"), ("a..b", "there is no such host")],
)
def test_a_server_that_is_not_there_is_told_in_words(server: str, words: str) -> None:
    with pytest.raises(ServiceError, match=f"cannot open the mailbox at .*: {words}"):
        Imap(f"imaps://{USER}@{server}/INBOX", "")


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with (
        serving(Mailbox({}), certificate) as port,
        pytest.raises(ServiceError, match="certificate is not valid: self-signed"),
    ):
        open_mailbox(f"imaps://{USER}@localhost:{port}/INBOX", PASSWORD)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_a_version_of_tls_that_is_not_safe_opens_no_mailbox(certificate: Path) -> None:
    ours = ssl.create_default_context(cafile=str(certificate))
    ours.minimum_version = ssl.TLSVersion.TLSv1  # as a system may allow it
    ours.set_ciphers("ALL:@SECLEVEL=0")
    with (
        serving(Mailbox({}), certificate, newest=ssl.TLSVersion.TLSv1_1) as port,
        pytest.raises(ServiceError, match="it speaks only a version of TLS that is no longer safe"),
    ):
        Imap(f"imaps://{USER}@localhost:{port}/INBOX", PASSWORD, tls=ours)


@pytest.mark.skipif(not PROGRAM.exists(), reason="needs dovecot-imapd")
def test_a_real_server_gives_each_message_once(certificate: Path) -> None:
    with dovecot([FIRST, SECOND], certificate) as served:
        with imap(served.port, certificate) as mailbox:
            assert [raw for _, raw in mailbox.unread()] == [FIRST, SECOND]
            first, second = (name for name, _ in mailbox.unread())
            mailbox.mark_read(first)
            mailbox.put_aside(second)
        with imap(served.port, certificate, password="contraseña") as mailbox:
            assert list(mailbox.unread()) == []
        with (
            pytest.raises(ServiceError, match="no folder 'Rückläufer'"),
            imap(served.port, certificate, folder="R%C3%BCckl%C3%A4ufer"),
        ):
            pass
        names = sorted(path.name.partition(":2,")[2] for path in (served.mail / "cur").iterdir())
    assert names == ["FS", "S"]


def test_an_access_token_opens_a_mailbox_that_takes_no_password(certificate: Path) -> None:
    box = Mailbox({3: FIRST}, token="a-token")
    with serving(box, certificate) as port:
        trusting = ssl.create_default_context(cafile=str(certificate))
        url = f"imaps://{USER}@localhost:{port}/INBOX"
        with closing(Imap(url, "", token=lambda: "a-token", tls=trusting)) as mailbox:
            assert list(mailbox.unread()) == [("3", FIRST)]
        with pytest.raises(ServiceError, match="cannot open the mailbox"):
            Imap(url, "", token=lambda: "another", tls=trusting)


@pytest.mark.skipif(not PROGRAM.exists(), reason="needs dovecot-imapd")
def test_an_access_token_opens_a_real_servers_mailbox_and_a_foreign_one_does_not(
    certificate: Path,
) -> None:
    tokens = {"a-token" * 400: USER, "a-foreign-one": "somebody"}
    trusting = ssl.create_default_context(cafile=str(certificate))
    with (
        introspection(tokens) as url,
        dovecot([FIRST], certificate, introspection=url) as served,
    ):
        source = f"imaps://{USER}@localhost:{served.port}/INBOX"
        with closing(Imap(source, "", token=lambda: "a-token" * 400, tls=trusting)) as mailbox:
            assert [raw for _, raw in mailbox.unread()] == [FIRST]
        with pytest.raises(ServiceError, match="AUTHENTICATIONFAILED"):
            Imap(source, "", token=lambda: "a-foreign-one", tls=trusting)
        with pytest.raises(ServiceError, match="Unsupported") as refused:
            Imap(source, "a password", tls=trusting)
    assert "Office 365 take tokens only" in refused.value.hint


def test_a_message_that_the_server_cannot_give_stops_none(certificate: Path) -> None:
    box = Mailbox({1: FIRST, 2: SECOND}, lost={1})
    with serving(box, certificate) as port, imap(port, certificate) as mailbox:
        assert list(mailbox.unread()) == [("1", b""), ("2", SECOND)]


def test_a_maildir_moves_what_was_dealt_with(tmp_path: Path) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1.host").write_bytes(FIRST)
    mailbox = Maildir(tmp_path)
    assert list(mailbox.unread()) == [("1.host", FIRST)]
    mailbox.mark_read("1.host")
    assert list(mailbox.unread()) == []
    assert (tmp_path / "cur" / "1.host:2,S").read_bytes() == FIRST


@pytest.mark.parametrize("source", ["imaps://host/INBOX", "imap://user@host/INBOX", "/nowhere"])
def test_what_is_no_mailbox_is_wrong_usage(source: str) -> None:
    with pytest.raises(UsageError):
        list(open_mailbox(source, "").unread())
