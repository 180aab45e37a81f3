"""For how long somebody may be silent before others go on without them: all such times, together.

A worker says each few seconds that it is at work, a sender four times in the length of its lease.
Whoever takes over what a silent worker was at must find its lease run out: else the people whom it
had claimed are still its own, and nobody goes on with them.
"""

from datetime import timedelta

SENDER_LEASE = timedelta(minutes=2)  # what a sender elsewhere has claimed is its own for so long
WORKER_SEEN = timedelta(minutes=2)  # a worker that said so within this runs
WORKER_STALLED = timedelta(minutes=3)  # what it was at is given to another: longer than a lease
WORKER_SILENT = timedelta(minutes=10)  # nothing runs by itself any more, and others do it
SEND_IDLE = timedelta(hours=1)  # a send that stood still for so long may be a copy of one
