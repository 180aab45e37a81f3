"""The keys of the job that lends hands to sends. Pure.

`ISSUE:1` looks whether an issue may be begun, or go on, and does it: whoever comes first.
`ISSUE:MARK` has the worker of that mark join once somebody is at it.
"""

from newsletter.model.job import WorkerSeen

_FIRST = "1"


def first_share(issue_id: str) -> str:
    """Return the key of who is to begin."""
    return f"{issue_id}:{_FIRST}"


def retried_as(key: str) -> str:
    """Return what a person tries again: its worker may be gone by then."""
    return first_share(issue_of(key))


def share_for(issue_id: str, worker: WorkerSeen) -> str:
    """Return the key of a worker that is to join."""
    return f"{issue_id}:{worker.mark}"


def issue_of(key: str) -> str:
    """Return the issue."""
    return key.rpartition(":")[0]


def worker_of(key: str) -> str:
    """Return the mark of the one worker that may run it; empty where anybody may."""
    share = key.rpartition(":")[2]
    return "" if share == _FIRST else share
