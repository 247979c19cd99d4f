"""The first look at a file: its columns, some rows, and a command ready to run."""

from __future__ import annotations

import shlex

from .columns import date_parts, is_status, is_unit_price, not_bought, recognise
from .reading import Source, shown

_ROWS = 3
_SAMPLED = 200
_MOST_VALUES = 40
_WIDEST = 40


def describe(source: Source, name: str) -> str:
    """Return what a file holds, as far as it shows.

    :param name: the file, as the command shall name it
    """
    rows = source.sample(_SAMPLED)
    columns = [[row[index] or "" for row in rows] for index in range(len(source.columns))]
    found = recognise(source.columns, columns)
    text = [f"{name}: {source.total:,} rows, {len(source.columns)} columns", ""]
    fields = {index: field for field, index in found.items()}
    width = min(_WIDEST, max(len(column) for column in source.columns))
    for index, column in enumerate(source.columns):
        cells = " · ".join(_short(shown(cell)) or "—" for cell in columns[index][:_ROWS])
        meaning = f"--{fields[index]}" if index in fields else ""
        text.append(f"  {column[:width]:<{width}}  {meaning:<11} {cells}")
    text += ["", *source.notes, *([""] if source.notes else [])]
    text += _command(source, name, found)
    return "\n".join(text)


def _command(source: Source, name: str, found: dict[str, int]) -> list[str]:
    names = source.columns

    def spelled(index: int) -> str:
        unique = names.count(names[index]) == 1 and names[index]
        return shlex.quote(names[index] if unique else str(index + 1))

    options = [f"--{field}={spelled(index)}" for field, index in found.items() if field != "status"]
    if "status" in found:
        counts = source.counts(found["status"], _MOST_VALUES)
        if is_status(names[found["status"]], counts):
            options.append(f"--status={spelled(found['status'])}")
            options += [
                f"--leave-out={shlex.quote(value)}" for value in counts if not_bought(value)
            ]
    missing = []
    if not {"customer", "email"} & set(found):
        missing.append("--customer")
    if "date" not in found:
        parts = date_parts(names)
        if parts:
            options.append("--date=" + "+".join(spelled(index) for index in parts))
        else:
            missing.append("--date")
    if not {"amount", "price"} & set(found):
        missing.append("--amount")
    command = ["load-orders", shlex.quote(name), "-d", "DATABASE", *options]
    command += [f"{option}=COLUMN" for option in missing]
    text = ["ready to run, without loading anything yet:", ""]
    if missing:
        text = [f"say which columns hold {', '.join(missing)}:", ""]
    text.append("  " + " \\\n      ".join(_lines([*command, "--dry-run"])))
    if "amount" in found and is_unit_price(names[found["amount"]]):
        text += [
            "",
            "the amount seems to be the price of one: if it is, give --price and --quantity",
        ]
    return text


def _lines(words: list[str]) -> list[str]:
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) > 80:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 24 else text[:23] + "…"
