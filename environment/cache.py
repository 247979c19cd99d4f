"""The cache folder: locks, and steps that are either done entirely or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from .errors import DISK_FULL, SetupError
from .progress import say

CHECKOUT = Path(__file__).resolve().parent.parent
CACHE_VARIABLE = "ODOO_ADDONS_CACHE"

_TAG = "CACHEDIR.TAG"
# The first line is the signature by which backup programs know a cache folder.
_TAG_TEXT = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Everything below was made by the set-up of the Odoo add-ons and can be made again.\n"
)
_STAMP = ".complete"


def fingerprint(*parts: object) -> str:
    """Return a short text that changes as soon as one of the parts does."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:12]


def check_free_space(folder: Path, megabytes: int, purpose: str) -> None:
    """Raise ``SetupError`` when the disk below ``folder`` has less than ``megabytes`` free."""
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < megabytes:
        raise SetupError(
            f"{DISK_FULL}: {purpose} needs {megabytes} MB below {folder}, {free} MB are free. "
            f"Make room, or let {CACHE_VARIABLE} name a folder on another disk."
        )


class Cache:
    """The one folder that everything downloaded or built goes to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of_checkout(cls) -> Cache:
        """Return the cache that ODOO_ADDONS_CACHE names, else ``.cache`` in the checkout."""
        named = os.environ.get(CACHE_VARIABLE)
        return cls(Path(named).expanduser().absolute() if named else CHECKOUT / ".cache")

    def prepare(self) -> None:
        """Make the folder.

        :raises SetupError: when it cannot be written, or holds things that are not ours
        """
        if (self.root / _TAG).exists():
            return
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            if any(self.root.iterdir()):
                raise SetupError(
                    f"The cache folder {self.root} has other things in it. "
                    f"Let {CACHE_VARIABLE} name a new or an empty folder."
                )
            (self.root / _TAG).write_text(_TAG_TEXT)
        except PermissionError as error:
            raise SetupError(
                f"The cache folder {self.root} cannot be written ({error.strerror}). "
                f"Let {CACHE_VARIABLE} name a folder of yours."
            ) from error
        except (FileExistsError, NotADirectoryError) as error:
            raise SetupError(f"The cache folder {self.root} is not a folder.") from error

    def remove(self) -> bool:
        """Remove the folder; return whether there was one.

        :raises SetupError: when the folder was not made by this set-up
        """
        if not self.root.exists():
            return False
        if not (self.root / _TAG).exists() and any(self.root.iterdir()):
            raise SetupError(f"{self.root} was not made by this set-up and is left alone.")
        shutil.rmtree(self.root)
        return True

    def path(self, *parts: str) -> Path:
        """Return a path below the cache folder."""
        return self.root.joinpath(*parts)

    @contextlib.contextmanager
    def lock(self, name: str = "setup") -> Iterator[None]:
        """Hold the named lock; a second call waits for the first and says so.

        The system gives the lock back when its holder ends, however it ends.
        """
        self.prepare()
        locks = self.path("locks")
        locks.mkdir(exist_ok=True)
        with (locks / name).open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.seek(0)
                holder = handle.read().strip() or "unknown"
                say(f"Another call (process {holder}) is at work on the {name}; waiting for it …")
                fcntl.flock(handle, fcntl.LOCK_EX)
            handle.truncate(0)
            handle.write(str(os.getpid()))
            handle.flush()
            yield

    def step(self, name: str, *inputs: object, in_place: bool = False) -> Step:
        """Return the step called ``name`` that is made from ``inputs``."""
        return Step(self, name, fingerprint(*inputs), in_place=in_place)


class Step:
    """A folder that is complete, for exactly these inputs, or does not count.

    It is made under another name and moved into place when it is complete. A folder that cannot
    be moved is made in place, and counts from the moment its stamp is written.
    """

    def __init__(self, cache: Cache, name: str, inputs: str, *, in_place: bool = False) -> None:
        self._cache = cache
        self._name = name
        self._inputs = inputs
        self._in_place = in_place
        self.folder = cache.path(f"{name}-{inputs}")

    def is_done(self) -> bool:
        """Return whether the folder is complete and was made from the same inputs."""
        try:
            return (self.folder / _STAMP).read_text() == self._inputs
        except OSError:
            return False

    def make(self, build: Callable[[Path], None], *, megabytes: int, purpose: str) -> None:
        """Build the folder unless it is complete; to be called with the lock held.

        :param build: fills the empty folder that it is given
        :param megabytes: free space without which building is not begun
        :param purpose: what is being made, for messages
        :raises SetupError: when there is too little space, or from ``build``
        """
        if self.is_done():
            return
        self._clear_leftovers()
        check_free_space(self._cache.root, megabytes, purpose)
        target = self.folder if self._in_place else self.folder.with_suffix(".unfinished")
        target.mkdir(parents=True)
        try:
            build(target)
            (target / _STAMP).write_text(self._inputs)
            if target != self.folder:
                target.rename(self.folder)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
        self._forget_older()

    def _clear_leftovers(self) -> None:
        """Remove what earlier calls left behind when they were ended in the middle."""
        for folder in self._versions():
            if not (folder / _STAMP).exists() or folder == self.folder:
                say(f"Removing the unfinished {folder.name}")
                shutil.rmtree(folder)

    def _forget_older(self) -> None:
        """Keep the newest other version only: a running program may still use it."""
        others = [folder for folder in self._versions() if folder != self.folder]
        others.sort(key=lambda folder: folder.stat().st_mtime)
        for folder in others[:-1]:
            shutil.rmtree(folder, ignore_errors=True)

    def _versions(self) -> list[Path]:
        return [path for path in self._cache.root.glob(f"{self._name}-*") if path.is_dir()]
