"""``python -m benchmarks.generator DATABASE``: fill a database that has the add-ons."""

from __future__ import annotations

import argparse
import sys

from benchmarks.common import odoo_environment, seconds

from .fill import fill


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.generator", description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--customers", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with odoo_environment(options.database) as env:
        rows = {}
        taken = seconds(lambda: rows.update(fill(env, options.customers, options.seed)))
    print_rows(rows)
    print(f"{'filled in':30}{taken:>14.1f} s")
    return 0


def print_rows(rows: dict[str, int]) -> None:
    """Print how many rows each table has."""
    for table, count in rows.items():
        print(f"{table:30}{count:>14,}")


if __name__ == "__main__":
    sys.exit(main())
