"""The commands of docs/sending.md that have bounces come back to Debian's Postfix."""

import re
import smtplib

import pytest

from tests.conftest import ROOT
from tests.processes import PATIENCE, until
from tests.sending import postfix

TEXT = (ROOT / "docs" / "sending.md").read_text(encoding="utf-8")
DOMAIN = "bounces.news.example.org"


@pytest.mark.skipif(not postfix.IS_HERE, reason="needs postfix and root")
def test_it_keeps_bounces_and_passes_nothing_on() -> None:
    (commands,) = re.findall(r"```console\n(.*?)```", TEXT, re.S)
    with postfix.set_up_by(commands) as (port, mail):
        with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as world:
            for nobodys in (f"ana@{DOMAIN}", "ana@example.org"):
                with pytest.raises(smtplib.SMTPRecipientsRefused):
                    world.sendmail("", [nobodys], "Subject: no\n\nno\n")
            world.sendmail("", [f"bounce+a1b2@{DOMAIN}"], "Subject: Undelivered\n\nback\n")
        until(lambda: any(mail.glob("bounces/new/*")))
        (kept,) = mail.glob("bounces/new/*")
        assert f"Delivered-To: bounce+a1b2@{DOMAIN}" in kept.read_text()
