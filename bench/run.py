"""`make bench`: every benchmark beside this file, one after the other, each in its own process.

`python bench/run.py startup send` runs only those. A benchmark prints its own figures, always as a
ratio against a peer or a limit measured in the same run.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    """The number of benchmarks that failed to run."""
    benches = [HERE / f"{name}.py" for name in names] or sorted(
        path for path in HERE.glob("[a-z]*.py") if path != Path(__file__)
    )
    failed = 0
    for bench in benches:
        print(f"\n== {bench.stem}", flush=True)
        failed += (
            subprocess.run(
                [sys.executable, "-m", f"bench.{bench.stem}"], cwd=HERE.parent, check=False
            ).returncode
            != 0
        )
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
