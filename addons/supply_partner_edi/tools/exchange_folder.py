"""The folder of a partner: what comes in, what went well or wrong, what goes out.

Files that another program is still writing are left alone as long as their names say so, and what
is written here appears under its name at once, whole.
"""

import os
import re
import stat
from contextlib import suppress
from pathlib import Path

IN, DONE, ERROR, OUT = PLACES = ("in", "done", "error", "out")
# A single plain name: no path, and nothing that a shell or a file system reads otherwise.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
UNFINISHED = (".tmp", ".part", ".filepart")
MOST_FILES = 1000


class FolderError(Exception):
    """A folder or file that is not to be touched, with the name of it."""

    def __init__(self, code, name):
        super().__init__(f"{code}: {name}")
        self.code = code
        self.name = name


def is_folder_name(name):
    """Return whether a text is a plain name of a folder."""
    return bool(_NAME.fullmatch(name)) and ".." not in name


class ExchangeFolder:
    """The folder of one partner below the root of all.

    :param root: the folder of all partners, which the administrator of the server sets
    :param name: the partner's, a plain name
    :raise FolderError: for a name that is none
    """

    def __init__(self, root, name):
        if not is_folder_name(name):
            raise FolderError("bad_name", name)
        self.folder = Path(root) / name

    def make(self):
        """Make what is missing of the folders.

        :raise FolderError: where one of them leads elsewhere
        """
        root = self.folder.parent
        root.mkdir(parents=True, exist_ok=True, mode=0o750)
        for path in (self.folder, *(self.folder / place for place in PLACES)):
            path.mkdir(exist_ok=True, mode=0o750)
            if path.is_symlink() or not path.resolve().is_relative_to(root.resolve()):
                raise FolderError("leads_elsewhere", path.name)

    def list(self):
        """Return the names of the files that came in, in the order of their names."""
        with os.scandir(self.folder / IN) as entries:
            names = [
                entry.name
                for entry in entries
                if entry.is_file(follow_symlinks=False)
                and not entry.name.startswith(".")
                and not entry.name.lower().endswith(UNFINISHED)
            ]
        return sorted(names)[:MOST_FILES]

    def fetch(self, name, most):
        """Return the bytes of a file that came in, at most one more than ``most``.

        :raise FolderError: for what is no plain file
        """
        self._check(name)
        # A link would lead to any file that Odoo can read.
        handle = os.open(self.folder / IN / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise FolderError("leads_elsewhere", name)
            return file.read(most + 1)

    def move(self, name, place):
        """Move a file that came in to another place; what lies there already is kept beside it."""
        self._check(name)
        target = self.folder / place / name
        number = 1
        while target.exists():
            number += 1
            target = self.folder / place / f"{Path(name).stem}-{number}{Path(name).suffix}"
        os.rename(self.folder / IN / name, target)

    def put(self, name, data):
        """Let a file go out: it appears whole, and replaces what has its name."""
        self._check(name)
        begun = self.folder / OUT / f".{name}.tmp"
        try:
            with open(begun, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(begun, self.folder / OUT / name)
        except OSError:
            with suppress(OSError):
                begun.unlink()
            raise

    @staticmethod
    def _check(name):
        if not name or name in (".", "..") or "/" in name or "\\" in name or "\x00" in name:
            raise FolderError("bad_name", name)
