"""A reader for tests: some bodies make it hang or die."""

import os
import threading

from newsletter.feeds.parsed import Unreadable
from newsletter.workflow.reading import ReadFeed, ReadJob
from newsletter.workflow.reading import read as read_well


def read(job: ReadJob) -> ReadFeed | Unreadable:
    if job.body == b"hang":
        threading.Event().wait()
    if job.body == b"die":
        os._exit(1)
    return read_well(job)
