"""Show how far a load has come: a bar on a terminal, a few lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from tqdm import tqdm


class Progress:
    """Reports to ``stream``, which is the standard error stream unless told otherwise."""

    def __init__(self, stream: TextIO | None = None):
        self.stream = stream or sys.stderr
        self._bar: tqdm | None = None

    def say(self, message: str) -> None:
        """Write one line, above the bar where there is one."""
        if self._bar is not None:
            self._bar.write(message, file=self.stream)
        else:
            print(message, file=self.stream, flush=True)

    @contextmanager
    def reading(self, what: str, total: int, unit: str) -> Iterator[tqdm]:
        """Count towards ``total``; the bar's ``update(amount)`` moves it on."""
        on_terminal = self.stream.isatty()
        self._bar = tqdm(
            total=total,
            unit=unit,
            unit_scale=True,
            desc=what,
            file=self.stream,
            leave=on_terminal,
            disable=None if on_terminal else True,
        )
        try:
            if not on_terminal:
                self.say(f"{what} …")
            with self._bar:
                yield self._bar
        finally:
            self._bar = None

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Say what is being done, and how long it took once it is done."""
        start = time.monotonic()
        if self.stream.isatty():
            self.stream.write(f"{what} … ")
            self.stream.flush()
            try:
                yield
            except BaseException:
                self.stream.write("\n")
                raise
            self.stream.write(f"{time.monotonic() - start:.1f} s\n")
        else:
            yield
            self.say(f"{what}: {time.monotonic() - start:.1f} s")
