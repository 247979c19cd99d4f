"""A tier run over CDNOW where PostgreSQL compiles queries (JIT), and where it cannot.

The same database lies on the project's server and on Debian's as that is set; runs take turns, the
process by process. On Debian's one process leaves it to PostgreSQL which of our statements it
compiles, which is what the add-ons prevent. Where Debian's server is not installed, nothing is
measured.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.common import Limits, benchmark_database, odoo_environment, spread
from benchmarks.debian_server import ROLE, copy_database, debian_server, programs_with_jit

# Times the run on the project's server.
LIMIT = 1.3
REPETITIONS = 5
WINDOW_MONTHS = 19
OURS, DEBIANS, COMPILED = "the project's server", "Debian's server", "the same, compiling"


class Runner:
    """A process that does a tier run whenever it is asked to."""

    def __init__(self, database: str, socket: Path | None = None, *, compiles: bool = False):
        there = {"PGHOST": str(socket), "PGPORT": "5432", "PGUSER": ROLE} if socket else {}
        self._process = subprocess.Popen(
            [sys.executable, __file__, database, str(socket or ""), "compiles" * compiles],
            env={**os.environ, **there},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self) -> dict:
        """Do a first run; return its ``seconds`` and what it found."""
        print("run", file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait()


def main() -> int:
    """Compare both servers, where both are there."""
    programs = programs_with_jit()
    if not programs:
        print(
            "Not measured: no PostgreSQL of Debian's that compiles is here. To install one:\n"
            "  apt-get install postgresql   (from PostgreSQL 18 on: postgresql-18-jit as well)"
        )
        return 0
    limits = Limits()
    with benchmark_database("jit") as database, debian_server(programs) as socket:
        subprocess.run([sys.executable, "-m", "order_import", "cdnow", "-d", database], check=True)
        copy_database(database, programs, socket)
        found = measure(
            {
                OURS: Runner(database),
                DEBIANS: Runner(database, socket),
                COMPILED: Runner(database, socket, compiles=True),
            }
        )
    times = {name: [run["seconds"] for run in runs] for name, runs in found.items()}
    print(f"\n{found[OURS][0]['customers']:,} customers, first runs")
    for name, taken in times.items():
        print(f"  {name:<24}{found[name][0]['version']:<8}{spread(taken)}")
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    limits.at_most("Debian's server", medians[DEBIANS] / medians[OURS], LIMIT, "× the project's")
    limits.at_most(
        "otherwise placed", int(len({run["tiers"] for run in found[OURS] + found[DEBIANS]}) > 1), 0
    )
    print(f"Left to PostgreSQL, it takes {medians[COMPILED] / medians[DEBIANS]:.1f} times as long")
    return limits.exit_code()


def measure(runners: dict[str, Runner]) -> dict[str, list[dict]]:
    """Have the runners work in turns; return what each run says."""
    found: dict[str, list[dict]] = {name: [] for name in runners}
    for _repetition in range(REPETITIONS):
        for name, runner in runners.items():
            found[name].append(runner.run())
    for runner in runners.values():
        runner.end()
    return found


def serve(database: str, socket: str, compiles: str) -> int:
    """Do a run for each line that is read."""
    place = [f"--db_host={socket}", "--db_port=5432", f"--db_user={ROLE}"] if socket else []
    answers, sys.stdout = sys.stdout, sys.stderr
    with odoo_environment(database, *place) as env:
        if compiles:
            _let_it_compile()
        for _line in sys.stdin:
            print(json.dumps(_run(env)), file=answers, flush=True)
    return 0


def _run(env) -> dict:
    cr = env.cr
    policy = env["customer.tier.policy"]._get_active()
    policy.window_months = WINDOW_MONTHS
    cr.execute("TRUNCATE customer_standing CASCADE")
    cr.execute(
        "SELECT MAX(date_order)::date, CURRENT_SETTING('server_version_num') FROM sale_order"
    )
    as_of, version = cr.fetchone()
    cr.commit()
    cr.execute("ANALYZE")
    cr.commit()
    env.invalidate_all()
    start = time.perf_counter()
    evaluation = policy.evaluate(as_of)
    cr.commit()
    taken = time.perf_counter() - start
    cr.execute("SELECT tier_id, COUNT(*) FROM customer_standing GROUP BY tier_id ORDER BY tier_id")
    found = {
        "seconds": taken,
        "customers": evaluation.customer_count,
        "tiers": str(cr.fetchall()),
        "version": str(int(version) // 10_000),
    }
    # Another of the processes empties the table next.
    cr.commit()
    return found


def _let_it_compile() -> None:
    """Have PostgreSQL decide by itself again whenever it was told not to compile."""
    from odoo.sql_db import Cursor

    execute = Cursor.execute

    def execute_and_decide(cr, query, *arguments, **options):
        result = execute(cr, query, *arguments, **options)
        said = query if isinstance(query, str) else f"{query.code} {query.params}"
        if "jit" in said:
            execute(cr, "SET LOCAL jit TO DEFAULT")
        return result

    Cursor.execute = execute_and_decide


if __name__ == "__main__":
    sys.exit(serve(*sys.argv[1:]) if len(sys.argv) > 1 else main())
