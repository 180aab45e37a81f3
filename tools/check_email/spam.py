"""SpamAssassin and rspamd, both without a network, over the whole message."""

import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.check_email.finding import Finding
from tools.check_email.letters import Letter

MOST_SPAMASSASSIN = -1.0  # of which it gives 1 for the list headers, that notices do not have
MOST_OF_A_NOTICE = 0.0
MOST_RSPAMD = 0.0
DRAWS = 8
RSPAMD = "http://127.0.0.1:11433/checkv2"
# Modules that ask a network or keep state; what is left reads the message.
OFF = [
    "antivirus",
    "arc",
    "asn",
    "bimi",
    "clickhouse",
    "dcc",
    "dkim",
    "dkim_signing",
    "dmarc",
    "elastic",
    "emails",
    "external_services",
    "fuzzy_check",
    "greylist",
    "hfilter",
    "history_redis",
    "mx_check",
    "neural",
    "p0f",
    "phishing",
    "ratelimit",
    "rbl",
    "redis",
    "replies",
    "reputation",
    "rspamd_update",
    "spf",
    "surbl",
    "url_redirector",
]
SETTINGS = {
    "options.inc": 'dns { nameserver = ["127.0.0.1:9"]; timeout = 0.05s; retransmits = 0; }\n'
    "disable_monitoring = true;",
    "worker-normal.inc": 'bind_socket = "127.0.0.1:11433"; count = 1;',
    "worker-controller.inc": "enabled = false;",
    "worker-proxy.inc": "enabled = false;",
    "worker-fuzzy.inc": "enabled = false;",
    "logging.inc": 'type = "console"; level = "error";',
    **{f"{module}.conf": "enabled = false;" for module in OFF},
}


def spamassassin_findings(letters: list[Letter]) -> Iterator[Finding]:
    """The score of each letter and the rules that it met."""
    for letter in letters:
        run = subprocess.run(
            ["spamassassin", "-L", "-t"],
            input=letter.with_real_names,
            capture_output=True,
            check=True,
        )
        report = run.stdout.decode(errors="replace").partition("Content analysis details:")[2]
        score = re.search(r"\((-?[\d.]+) points", report)
        value = float(score[1]) if score else 99.0
        most = MOST_OF_A_NOTICE if letter.is_notice else MOST_SPAMASSASSIN
        rules = re.findall(r"^\s*(-?\d+\.\d+) (\w+)", report, re.MULTILINE)
        costly = tuple(f"{rule} {cost}" for cost, rule in rules if float(cost) > 0)
        yield Finding(
            letter=letter.name,
            check="5",
            measure="SpamAssassin",
            value=f"{value:.1f}",
            is_green=value <= most,
            details=costly,
        )


def rspamd_findings(letters: list[Letter], *, folder: Path) -> Iterator[Finding]:
    """The score of each letter and what adds to it."""
    with _rspamd(folder):
        for letter in letters:
            result = _least(letter.with_real_names)
            symbols = result["symbols"].values()
            costly = [f"{one['name']} {one['score']:.2f}" for one in symbols if one["score"] > 0]
            yield Finding(
                letter=letter.name,
                check="5",
                measure="rspamd",
                value=f"{result['score']:.2f}",
                is_green=result["score"] <= MOST_RSPAMD,
                details=tuple(costly),
            )


def _least(message: bytes) -> dict[str, Any]:
    """The best of a few answers: rspamd tells a short text's language by words that it draws at
    random, and takes accents for a disguise where it cannot. A fault is there at each draw."""
    results: list[dict[str, Any]] = []
    while not results or (results[-1]["score"] > MOST_RSPAMD and len(results) < DRAWS):
        request = urllib.request.Request(RSPAMD, data=message, method="POST")
        with urllib.request.urlopen(request, timeout=60) as answer:
            results.append(json.load(answer))
    return min(results, key=lambda result: float(result["score"]))


@contextmanager
def _rspamd(folder: Path) -> Iterator[None]:
    """A daemon on loopback with a configuration of ours, gone afterwards."""
    local = folder / "local.d"
    local.mkdir(parents=True, exist_ok=True)
    for name, text in SETTINGS.items():
        (local / name).write_text(text)
    variables = {"LOCAL_CONFDIR": folder, "DBDIR": folder, "RUNDIR": folder, "LOGDIR": folder}
    command = ["rspamd", "-f", "-i", "-c", "/etc/rspamd/rspamd.conf"]
    command += [f"--var={name}={path.resolve()}" for name, path in variables.items()]
    daemon = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_answers()
        yield
    finally:
        daemon.terminate()
        daemon.wait(timeout=30)


def _wait_until_it_answers() -> None:
    """At first it compiles its expressions: a minute and more on a busy machine."""
    for _ in range(600):
        try:
            with urllib.request.urlopen("http://127.0.0.1:11433/ping", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("rspamd did not start")
