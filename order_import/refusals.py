"""Rows that are refused: told on standard error, and written to a file."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from .errors import BadRowError, LoadError
from .progress import Progress
from .reading import Source

SHOWN_IN_FULL = 20


class Refusals:
    """Collects the refused rows of a source.

    ``count`` is how many there were, ``passed_over`` how many rows held nothing to load.

    :param path: where they are written; None for nowhere
    :raises LoadError: when that cannot be written
    """

    def __init__(self, source: Source, progress: Progress, path: Path | None):
        self.count = 0
        self.passed_over = 0
        self.path = path
        self._source = source
        self._progress = progress
        self._reasons: Counter[str] = Counter()
        self._rows: list[tuple[int, str, str | None]] = []
        if path is not None and path.exists() and path.samefile(source.path):
            raise LoadError("the file of refused rows would overwrite the source")

    def add(self, number: int, fault: BadRowError, text: str | None = None) -> None:
        """Take note of a refused row.

        :param text: the row as it stands in the file, where it has no cells
        """
        self.count += 1
        self._reasons[fault.reason] += 1
        if self.count <= SHOWN_IN_FULL:
            self._progress.say(f"row {number}: {fault}")
        if self.path is not None:
            self._rows.append((number, str(fault), text))

    def finish(self) -> None:
        """Say how many rows were refused for which reason, and write them.

        :raises LoadError: when the file cannot be written
        """
        if not self.count:
            return
        if self.count > SHOWN_IN_FULL:
            self._progress.say(f"… and {self.count - SHOWN_IN_FULL:,} more")
        self._progress.say(f"{self.count:,} rows refused:")
        for reason, count in self._reasons.most_common():
            self._progress.say(f"  {count:>9,} × {reason}")
        if self.path is None:
            return
        cells = self._source.cells([number for number, _reason, text in self._rows if text is None])
        try:
            with self.path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["row", "reason", *self._source.columns])
                for number, reason, text in sorted(self._rows, key=lambda row: row[0]):
                    writer.writerow([number, reason, *cells.get(number, (text,))])
        except OSError as error:
            raise LoadError(f"cannot write {self.path}: {error.strerror}") from None
        self._progress.say(f"the refused rows are in {self.path}")
