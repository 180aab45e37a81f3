"""Examine what runs by itself, where anything ever did."""

from datetime import timedelta

from newsletter.doctor.findings import Finding, fine, look
from newsletter.model.job import TICK
from newsletter.model.silence import WORKER_SILENT
from newsletter.wiring import Workspace


def worker(workspace: Workspace) -> list[Finding]:
    """Return a finding about the workers, and one where a run failed; none without a worker."""
    schedule, now = workspace.jobs.schedules().get(TICK), workspace.now()
    if schedule is None or schedule.last_due_at is None:
        return []
    silence = now - schedule.last_due_at
    seen = workspace.jobs.workers(since=now - WORKER_SILENT)
    findings = []
    if silence > WORKER_SILENT and not seen:
        findings.append(
            look(
                "worker",
                f"no worker was seen for {_in_words(silence)}: nothing runs by itself",
                "newsletter work, or on a server: systemctl start newsletter-worker",
            )
        )
    else:
        findings.append(fine("worker", "was seen within ten minutes"))
    if failed := workspace.jobs.failed():
        last = failed[-1]
        message = f"{len(failed)} failed, the last one {last.task}: {last.error}"
        findings.append(look("what runs by itself", message, "newsletter jobs"))
    return findings


def _in_words(silence: timedelta) -> str:
    minutes = int(silence.total_seconds()) // 60
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{silence.days} days"
