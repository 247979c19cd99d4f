"""Position, quantity and status of 100,000 lines against Odoo's own quantities, line by line.

The rival is what Odoo computes for the very same orderpoints after everything was forgotten:
`_compute_qty_to_order_computed()`. Each line must come out with the same quantity. Then a
whole review is timed, with what it writes and its proposals, and the time a line is set against
that among 20,000. Other numbers of lines: as arguments, or in BENCH_CUSTOMERS.
"""

from __future__ import annotations

import statistics
import sys

from benchmarks.common import Limits, benchmark_database, odoo_environment, seconds, sizes
from benchmarks.shelves import Shelves

USUAL = (20_000, 100_000)
TIMES_FASTER = 20.0
# Of a review of 100,000 lines; fewer may take as much.
REVIEW_SECONDS = 30.0
# How much longer a line may take among the most lines than among the fewest.
GROWTH = 1.10
RUNS = 5


def compare(env, count: int, limits: Limits) -> float:
    """Measure one number of lines, in a transaction that is rolled back.

    :return: seconds to find where all of them stand, the least of the runs
    """
    shelves = Shelves(env, count)
    lines = shelves.lines

    def find():
        with lines._prepare_review(shelves.company) as review:
            review.find()

    # Neither side writes: Odoo's quantities wait to be flushed.
    runs = [seconds(find) for _run in range(RUNS)]
    ours = statistics.median(runs)
    lines._measure()
    # Read in batches: through the lines, which are forgotten below, they would be read singly.
    points = env["stock.warehouse.orderpoint"].browse(lines.orderpoint_id.ids)
    mine = dict(zip(points.ids, lines.mapped("order_qty"), strict=True))
    env.invalidate_all()
    theirs = seconds(points._compute_qty_to_order_computed)
    unequal = sum(abs(point.qty_to_order_computed - mine[point.id]) > 0.005 for point in points)
    below = sum(quantity > 0 for quantity in mine.values())
    print(
        f"{count:,} lines, {below:,} below their minimum: {ours:.2f} s (least {min(runs):.2f}); "
        f"Odoo {theirs:.2f} s"
    )
    limits.at_least(f"{count:,} lines, times faster than Odoo", theirs / ours, TIMES_FASTER)
    limits.at_most(f"{count:,} lines, other quantities than Odoo's", unequal, 0, "lines")
    limits.at_least("Of 100 lines, below their minimum", 100 * below / count, 50)
    # What the rival left to be written is not the review's to write.
    env.invalidate_all()
    proposals = []
    review = seconds(lambda: proposals.append(lines.agreement_id.review()))
    proposed = len(proposals[0].line_ids)
    print(f"{len(proposals[0]):,} proposals with {proposed:,} lines")
    limits.at_most(f"{count:,} lines, whole review", review, REVIEW_SECONDS, "s")
    limits.at_most("Lines below the minimum and not proposed", below - proposed, 0, "lines")
    # Other work on the machine only ever adds, and not the same to each number of lines.
    return min(runs)


def main() -> int:
    """Measure each number of lines in a database of its own."""
    limits = Limits()
    times = {}
    for count in sizes(*USUAL):
        with benchmark_database(f"shelves_{count}") as name, odoo_environment(name) as env:
            times[count] = compare(env, count, limits) / count
            env.cr.rollback()
    if len(times) > 1:
        fewest, most = min(times), max(times)
        label = f"Time a line, {most:,} against {fewest:,}"
        limits.at_most(label, times[most] / times[fewest], GROWTH, "times")
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
