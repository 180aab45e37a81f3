"""A reader for tests: some bodies make it hang or die."""

import os
import threading

from newsletter.pulling.parse.parsed import Unreadable
from newsletter.pulling.reading import ReadFeed, ReadJob
from newsletter.pulling.reading import read as read_well


def read(job: ReadJob) -> ReadFeed | Unreadable:
    if job.answer.body == b"hang":
        threading.Event().wait()
    if job.answer.body == b"die":
        os._exit(1)
    return read_well(job)
