"""Runs the benchmarks one after the other."""

from __future__ import annotations

import subprocess
import sys

from .cache import CHECKOUT
from .progress import say


def main(arguments: list[str]) -> int:
    """Run every ``benchmarks/bench_*.py``, or those whose names hold one of the arguments.

    :return: 0 when all of them ended well
    """
    scripts = sorted((CHECKOUT / "benchmarks").glob("bench_*.py"))
    chosen = [path for path in scripts if not arguments or any(a in path.name for a in arguments)]
    if not chosen:
        say("No benchmark of this name" if arguments else "There are no benchmarks")
        return 1
    failed = []
    for path in chosen:
        say(f"Benchmark {path.name}")
        command = [sys.executable, "-m", f"benchmarks.{path.stem}"]
        if subprocess.run(command, cwd=CHECKOUT, check=False).returncode:
            failed.append(path.name)
    if failed:
        say(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
