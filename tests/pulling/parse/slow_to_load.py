"""A worker's function in a module that takes a while to load, as all do on a busy machine."""

import time

time.sleep(4)


def work(job: int) -> int:
    """The job."""
    return job
