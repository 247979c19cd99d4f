"""Position, quantity and status of 100,000 lines against Odoo's own quantities, line by line.

The rival is what Odoo computes for the very same orderpoints after everything was forgotten:
`_compute_qty_to_order_computed()`. Each line must come out with the same quantity. The floor is
the least that anything can do that looks at the same documents: sums by line of what lies there,
moved or is to move, and is asked for. Then a whole review is timed, with what it writes and its
proposals, beside the same sums with bare statements that write as many rows, and the time a line is
set against that among 20,000. Other numbers of lines: as arguments, or in BENCH_CUSTOMERS.
"""

from __future__ import annotations

import statistics
import sys

from benchmarks.common import Limits, benchmark_database, odoo_environment, seconds, sizes
from benchmarks.shelves import Shelves

USUAL = (20_000, 100_000)
TIMES_FASTER = 40.0
# With so many lines and more.
MANY, TIMES_FASTER_MANY = 100_000, 75.0
# Of a review of 100,000 lines; fewer may take as much.
REVIEW_SECONDS = 15.0
# How much longer a line may take among the most lines than among the fewest.
GROWTH = 1.10
RUNS = 5


def read_documents(env, lines) -> None:
    """Sum by line what lies there, what moved in its window or has to, and what is asked for."""
    env.cr.execute(
        """
        WITH lines AS MATERIALIZED (
            SELECT line.id, line.product_id,
                   now() - agreement.demand_period_days * INTERVAL '1 day' AS since
              FROM vmi_agreement_line line
              JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
             WHERE line.id = ANY(%s)
        ),
        quants AS (
            SELECT lines.id, SUM(quant.quantity) AS quantity
              FROM stock_quant quant JOIN lines ON lines.product_id = quant.product_id
          GROUP BY lines.id
        ),
        moves AS (
            SELECT lines.id, SUM(product_qty) FILTER (WHERE state <> 'done') AS open,
                   SUM(quantity) FILTER (WHERE state = 'done') AS done
              FROM stock_move move JOIN lines ON lines.product_id = move.product_id
             WHERE move.state <> 'done' OR move.date >= lines.since
          GROUP BY lines.id
        ),
        asked AS (
            SELECT lines.id, SUM(ordered.product_qty) AS quantity
              FROM purchase_order_line ordered
              JOIN purchase_order purchase ON purchase.id = ordered.order_id
              JOIN lines ON lines.product_id = ordered.product_id
          GROUP BY lines.id
        )
        SELECT COUNT(*), SUM(quants.quantity + open + done + asked.quantity)
          FROM lines
     LEFT JOIN quants ON quants.id = lines.id
     LEFT JOIN moves ON moves.id = lines.id
     LEFT JOIN asked ON asked.id = lines.id
        """,
        [lines.ids],
    )


def write_rows(env, lines, proposals) -> None:
    """Write each line, and as many lines of proposals as were proposed, and nothing else."""
    env.cr.execute(
        "UPDATE vmi_agreement_line SET order_qty = order_qty + 1 WHERE id = ANY(%s)", [lines.ids]
    )
    env.cr.execute(
        "INSERT INTO vmi_proposal_line (proposal_id, line_id, product_id, approved_qty) "
        "SELECT proposal_id, line_id, product_id, approved_qty FROM vmi_proposal_line "
        "WHERE proposal_id = ANY(%s)",
        [proposals.ids],
    )


def compare(env, count: int, limits: Limits) -> float:
    """Measure one number of lines, in a transaction that is rolled back.

    By the wall's clock, for what PostgreSQL's helping processes work is told nowhere.

    :return: seconds to find where all of them stand, the least of the runs
    """
    shelves = Shelves(env, count)
    lines = shelves.lines

    def find():
        with lines._prepare_review(shelves.company) as review:
            review.find()

    # Neither side writes: Odoo's quantities wait to be flushed.
    floor = min(seconds(lambda: read_documents(env, lines)) for _run in range(RUNS))
    runs = [seconds(find) for _run in range(RUNS)]
    ours, fastest = statistics.median(runs), min(runs)
    lines._measure()
    # Read in batches: through the lines, which are forgotten below, they would be read singly.
    points = env["stock.warehouse.orderpoint"].browse(lines.orderpoint_id.ids)
    mine = dict(zip(points.ids, lines.mapped("order_qty"), strict=True))
    env.invalidate_all()
    theirs = seconds(points._compute_qty_to_order_computed)
    unequal = sum(abs(point.qty_to_order_computed - mine[point.id]) > 0.005 for point in points)
    below = sum(quantity > 0 for quantity in mine.values())
    print(f"{count:,} lines, {below:,} below their minimum, in seconds:")
    print(f"  positions   {ours:.2f}, least {fastest:.2f}")
    print(f"  Odoo        {theirs:.2f}")
    print(f"  sums alone  {floor:.2f} (positions {fastest / floor:.1f} times)")
    limits.at_least(
        f"{count:,} lines, times faster than Odoo",
        theirs / ours,
        TIMES_FASTER_MANY if count >= MANY else TIMES_FASTER,
    )
    limits.at_most(f"{count:,} lines, other quantities than Odoo's", unequal, 0, "lines")
    limits.at_least("Of 100 lines, below their minimum", 100 * below / count, 50)
    # What the rival left to be written is not the review's to write.
    env.invalidate_all()
    proposals = []
    review = seconds(lambda: proposals.append(lines.agreement_id.review()))
    proposed = len(proposals[0].line_ids)
    written = seconds(lambda: write_rows(env, lines, proposals[0]))
    print(f"{len(proposals[0]):,} proposals with {proposed:,} lines")
    print(f"  review      {review:.2f}")
    print(
        f"  sums and writing alone  {floor + written:.2f} "
        f"(review {review / (floor + written):.1f} times)"
    )
    limits.at_most(f"{count:,} lines, whole review", review, REVIEW_SECONDS, "s")
    limits.at_most("Lines below the minimum and not proposed", below - proposed, 0, "lines")
    # What other work adds is not the same to each number of lines.
    return fastest


def main() -> int:
    """Measure each number of lines in a database of its own."""
    limits = Limits()
    taken = {}
    for count in sizes(*USUAL):
        with benchmark_database(f"shelves_{count}") as name, odoo_environment(name) as env:
            taken[count] = compare(env, count, limits) / count
            env.cr.rollback()
    if len(taken) > 1:
        fewest, most = min(taken), max(taken)
        label = f"Time a line, {most:,} against {fewest:,}"
        limits.at_most(label, taken[most] / taken[fewest], GROWTH, "times")
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
