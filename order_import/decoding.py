"""Turn any file of text into one in UTF-8, and say what had to be done for it."""

from __future__ import annotations

import codecs
import gzip
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import chardet

from .errors import LoadError

_CHUNK = 1 << 20
_TELLING_LINES = 2_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What is believed of a guess: for Western text, its guesses between code pages are no better
# than the one that Windows uses everywhere there.
_BELIEVED = re.compile(r"gb|big5|cp932|shift|euc|iso-2022|windows-1251|koi8|cp949", re.IGNORECASE)
_WESTERN = "cp1252"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*(?:\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """A file of UTF-8 text.

    :param encoding: what the original is written in
    :param guessed: whether that is a guess that may be wrong
    :param separator: what the original's first line says that its separator is, or ""
    """

    path: Path
    encoding: str
    guessed: bool
    separator: str


def unpack(path: Path, folder: Path) -> Path:
    """Return the file that a gzip file holds, or the file itself.

    :param folder: where to write it
    :raises LoadError: when it is broken
    """
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path
    unpacked = folder / "unpacked"
    try:
        with gzip.open(path) as source, unpacked.open("wb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
    except (EOFError, OSError) as error:
        raise LoadError(f"cannot unpack {path}: {error}") from None
    return unpacked


def decode(path: Path, folder: Path, encoding: str | None) -> Text:
    """Return a file's text as a file in UTF-8 with one kind of line ends.

    The file itself is returned where it is that already.

    :param folder: where to write a new file
    :param encoding: what it is written in; None finds it out
    :raises LoadError: when it is not text in that encoding
    """
    found, guessed = (encoding, False) if encoding else _encoding_of(path)
    # A row with a broken letter is refused; it does not make the whole file another encoding's.
    errors = "replace" if found == "utf-8" and not encoding else "strict"
    try:
        codecs.lookup(found)
    except LookupError:
        raise LoadError(f"there is no encoding {found!r}; try cp1252, utf-16 or gb18030") from None
    # Nothing but the first kind of line end is read as one, so all are made the same.
    plain = folder / "text"
    separator = ""
    try:
        with (
            path.open(encoding=found, errors=errors) as source,
            plain.open("w", encoding="utf-8", newline="\n") as target,
        ):
            first = source.read(_CHUNK)
            if match := _SEPARATOR_LINE.match(first):
                separator, first = match[1], first[match.end() :]
            if "\x00" in first:
                raise LoadError(f"{path} is not a file of text: it has bytes that are 0")
            while first:
                target.write(first)
                first = source.read(_CHUNK)
    except UnicodeError as error:
        raise LoadError(
            f"{path} is not text in {found} ({error}): say what it is written in with --encoding"
        ) from None
    return Text(plain, found, guessed, separator)


def _encoding_of(path: Path) -> tuple[str, bool]:
    """Return an encoding, and whether it is a guess."""
    with path.open("rb") as file:
        head = file.read(_CHUNK)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding, False
        if head and head[1::2].count(0) > len(head) // 3:
            return "utf-16-le", False
        if head and head[::2].count(0) > len(head) // 3:
            return "utf-16-be", False
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        with suppress(UnicodeDecodeError):
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
            return "utf-8", False
        file.seek(0)
        # Only lines with something to tell are told from each other.
        lines = islice((line for line in file if not line.isascii()), _TELLING_LINES)
        telling = b"".join(lines)
    text = telling.decode(errors="replace")
    broken = text.count("\ufffd")
    if sum(not letter.isascii() for letter in text) >= 2 * broken:
        return "utf-8", False
    found = chardet.detect(telling)["encoding"] or _WESTERN
    return (found if _BELIEVED.match(found) else _WESTERN), True
