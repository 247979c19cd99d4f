"""What the person at the terminal sees while something takes time."""

from __future__ import annotations

import sys
import time


def say(text: str) -> None:
    """Print one line to standard error: standard output belongs to the program that is run."""
    print(f"· {text}", file=sys.stderr, flush=True)


class Progress:
    """How far a step has come: one line that renews itself on a terminal, else one now and then."""

    def __init__(self, label: str, total: float = 0, unit: str = "", every: float = 10.0) -> None:
        """Begin.

        :param label: what is being done
        :param total: where the count ends; 0 when not known
        :param unit: written after the count
        :param every: seconds between lines where standard error is no terminal
        """
        self._label = label
        self._total = total
        self._unit = f" {unit}" if unit else ""
        self._terminal = sys.stderr.isatty()
        self._every = 0.2 if self._terminal else every
        self._last = time.monotonic()
        self._started = self._last

    def show(self, count: float, detail: str = "") -> None:
        """Show the count reached, not more often than is useful."""
        now = time.monotonic()
        if now - self._last < self._every:
            return
        self._last = now
        share = f"{count:.0f}/{self._total:.0f}" if self._total else f"{count:.0f}"
        text = f"  {self._label}: {share}{self._unit} {detail}".rstrip()
        if self._terminal:
            print(f"\r\033[K{text[:100]}", end="", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)

    def finish(self) -> None:
        """Say how long it took."""
        if self._terminal:
            print("\r\033[K", end="", file=sys.stderr)
        say(f"{self._label}: done in {time.monotonic() - self._started:.0f} s")
