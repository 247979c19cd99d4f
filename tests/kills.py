"""Work that is killed at any moment, done again as its user would, and held against what it is
to come to."""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable

from database_view import DatabaseView
from odoo_processes import OdooProcesses, Work, wait_until

_LOCK = 19
# Counts what a script commits, over whichever connection. What follows from a commit, as sending
# mails does, commits within it, and is not counted.
_NUMBER = """
from odoo.sql_db import Cursor

commits, is_within = 0, False

def number_and_commit(cr, commit=Cursor.commit):
    global commits, is_within
    if is_within:
        return commit(cr)
    commits += 1
    # At the one it stands still: with all written and nothing kept, or with all kept.
    stands = commits == STANDS_AT and "SELECT pg_advisory_xact_lock_shared(LOCK)"
    if stands and BEFORE:
        cr.flush()
        cr.execute(stands)
    is_within = True
    try:
        commit(cr)
    finally:
        is_within = False
    if stands and not BEFORE:
        cr.execute(stands)

Cursor.commit = number_and_commit
"""


def _numbering(stands_at: int | None = None, *, before: bool = False) -> str:
    values = {"STANDS_AT": stands_at, "BEFORE": before, "LOCK": _LOCK}
    script = _NUMBER
    for name, value in values.items():
        script = script.replace(name, repr(value))
    return script


class Piece:
    """A kind of work. Each time, other records are the subject of it.

    :ivar script: what does the work, once it is prepared
    :ivar wholes: what may be found where it is killed; None where it goes step by step
    :ivar expected: what is to be found in the end; None: what an undisturbed one leaves
    """

    script = ""
    wholes: list | None = None
    expected: list[tuple] | None = None

    def prepare(self) -> None:
        """Make the records that the next work is about."""
        raise NotImplementedError

    def repeat(self) -> None:
        """Do the work again, as its user or the scheduler would."""
        raise NotImplementedError

    def look(self) -> list[tuple]:
        """Return what became of it, a row a thing: its kind, which one, and all about it."""
        raise NotImplementedError

    def count_mixed(self, left: list[tuple], wholes: list[list[tuple]]) -> int:
        """Return how much of what was left is none of the wholes; here it is one or it is not."""
        return int(all(Counter(left) != Counter(whole) for whole in wholes))


class Killer:
    """Kills work in four ways by turns, at moments drawn by dice.

    The process is ended, or the server ends its connections, at any moment of the time that the
    work takes undisturbed; or the process is ended right before or right after a commit.
    """

    def __init__(self, view: DatabaseView, odoo: OdooProcesses, seed: int):
        self._view = view
        self._odoo = odoo
        self._dice = random.Random(seed)
        self.struck = 0

    def watch(self, script: str) -> None:
        """Do work undisturbed: others are killed within its time and at its commits."""
        start = time.monotonic()
        self._commits = self._odoo.run(f"{_numbering()}\n{script}\nresult = commits")
        self._seconds = time.monotonic() - start
        assert self._commits

    def strike(self, script: str, number: int, count: int) -> None:
        """Begin work and kill it; the numbers in turn are spread over its time.

        :param number: of this kill, out of ``count``
        """
        way = ("process", "connections", "before", "after")[number % 4]
        if way in ("before", "after"):
            self._strike_at_a_commit(script, before=way == "before")
        else:
            work = self._odoo.start(script)
            self._wait_a_share(work, (number + self._dice.random()) / count)
            self.struck += work.is_running()
            if way == "process":
                work.kill()
            else:
                self._end_connections(work)
        wait_until(lambda: not self._view.connections())

    def _wait_a_share(self, work: Work, share: float) -> None:
        start = time.monotonic()
        while work.is_running():
            if time.monotonic() - start > self._seconds * share:
                return
            time.sleep(0.002)
        # So the machine is faster than it was, and the next are to be killed earlier.
        self._seconds = time.monotonic() - start

    def _strike_at_a_commit(self, script: str, *, before: bool) -> None:
        # The last one is what most is at stake in.
        commit = self._dice.choice((self._commits, self._dice.randint(1, self._commits)))
        with self._view.held(f"SELECT pg_advisory_xact_lock({_LOCK})"):
            work = self._odoo.start(f"{_numbering(commit, before=before)}\n{script}")
            wait_until(lambda: self._view.waiting() or not work.is_running())
            self.struck += work.is_running()
            work.kill()

    def _end_connections(self, work: Work) -> None:
        self._view.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = CURRENT_DATABASE() AND pid <> PG_BACKEND_PID()
            """
        )
        # It ends by itself, and may have said what went wrong over a new connection.
        wait_until(lambda: not work.is_running())


def number_of_kills(usual: int) -> int:
    """Return how often each kind of work is killed: as KILLS says, else as is usual."""
    return int(os.environ.get("KILLS", usual))


def kill_and_compare(killer: Killer, piece: Piece, count: int) -> dict[str, int]:
    """Kill work again and again; return how many things were lost, doubled or mixed."""
    piece.prepare()
    killer.watch(piece.script)
    piece.repeat()
    expected = piece.look()
    assert differences(piece.expected or expected, expected) == Counter()
    found = Counter(lost=0, double=0, mixed=0)
    for number in range(count):
        piece.prepare()
        wholes = piece.wholes is not None and [
            piece.look(),
            piece.expected or expected,
            *piece.wholes,
        ]
        killer.strike(piece.script, number, count)
        if wholes:
            found["mixed"] += piece.count_mixed(piece.look(), wholes)
        piece.repeat()
        found += differences(piece.expected or expected, piece.look())
        # Once more: what is done is not done again.
        piece.repeat()
        found += differences(piece.expected or expected, piece.look())
    return {what: found[what] for what in ("lost", "double", "mixed")}


def differences(expected: Iterable[tuple], found: Iterable[tuple]) -> Counter:
    """Return how many things are lost, done more often than expected, or not as expected."""
    wanted, seen = _by_thing(expected), _by_thing(found)
    counted = Counter()
    for thing in wanted.keys() | seen.keys():
        more = len(seen[thing]) - len(wanted[thing])
        counted["lost"] += max(-more, 0)
        counted["double"] += max(more, 0)
        counted["mixed"] += not more and Counter(seen[thing]) != Counter(wanted[thing])
    return +counted


def _by_thing(rows: Iterable[tuple]) -> dict[tuple, list[tuple]]:
    things = defaultdict(list)
    for kind, which, *rest in rows:
        things[kind, which].append(tuple(rest))
    return things
