"""Run by bench/pull.py in the peer's own environment: one update with lemon24/reader."""

import json
import sys
import time
from pathlib import Path

from reader import make_reader

database, list_file, workers = sys.argv[1], sys.argv[2], int(sys.argv[3])
reader = make_reader(database)
for url in Path(list_file).read_text().split():
    reader.add_feed(url, exist_ok=True)
started, before = time.perf_counter(), time.process_time()
reader.update_feeds(workers=workers)
seconds = time.perf_counter() - started
cpu = time.process_time() - before
print(json.dumps({"seconds": seconds, "cpu": cpu, "entries": reader.get_entry_counts().total}))
