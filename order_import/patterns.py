"""Learn what Odoo stores for a record from two example rows that differ in every known fact.

A column that is the same in both is a constant; one that equals a known fact (the customer's
id, the line's amount …) in both follows that fact. So rows written by SQL have what the
installed modules would have stored, without this program naming their columns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from .errors import LoadError


@dataclass(frozen=True)
class Pattern:
    """What a row of a table is made of.

    :param table: the table's name
    :param constants: column → the value that is the same for each row
    :param facts: column → name of the fact it follows
    :param passing: columns whose values say nothing of the record: when it was made, a random
        token; two records made alike differ in them
    """

    table: str
    constants: dict[str, Any]
    facts: dict[str, str]
    passing: frozenset[str] = frozenset()

    def columns_of(self, *facts: str) -> list[str]:
        """Return the columns that follow one of ``facts``."""
        return [column for column, fact in self.facts.items() if fact in facts]

    def differences(self, row: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return the columns in which a row is not what the pattern makes of ``facts``.

        :return: column → the row's value
        """
        made = self.constants | {column: facts[fact] for column, fact in self.facts.items()}
        return {
            column: value
            for column, value in row.items()
            if column not in self.passing and value != made[column]
        }


def learn(
    table: str,
    rows: tuple[Mapping[str, Any], Mapping[str, Any]],
    facts: tuple[Mapping[str, Any], Mapping[str, Any]],
    nullable: frozenset[str] | set[str],
) -> Pattern:
    """Tell constants and facts apart in two example rows.

    :param rows: column → value, as JSON has it with numbers as Decimal
    :param facts: fact → value in the respective row
    :param nullable: columns that may stay empty where they follow nothing that is known
        (a random token, say)
    :raises LoadError: when a column that must be filled follows nothing that is known, or
        when two facts are the same in both rows
    """
    pairs = [(facts[0][fact], facts[1][fact]) for fact in facts[0]]
    known = [pair for pair in pairs if pair[0] is not None]
    if any(pair in known[:index] for index, pair in enumerate(known)):
        raise LoadError(f"the examples for {table} cannot be told apart: {known}")
    constants: dict[str, Any] = {}
    followed: dict[str, str] = {}
    passing = set()
    for column in rows[0]:
        values = rows[0][column], rows[1][column]
        if values[0] == values[1]:
            constants[column] = values[0]
            continue
        fact = next((fact for fact in facts[0] if values == (facts[0][fact], facts[1][fact])), None)
        if fact is not None:
            followed[column] = fact
        elif _were_just_now(values):
            constants[column] = max(values)
            passing.add(column)
        elif column in nullable:
            constants[column] = None
            passing.add(column)
        else:
            raise LoadError(f"an installed module fills {table}.{column} in a way unknown here")
    return Pattern(table, constants, followed, frozenset(passing))


def as_json(values: Mapping[str, Any]) -> str:
    """Return the values of a stored row as JSON."""
    return json.dumps(values, default=_number)


def _number(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} is not a value of a stored row")


def _were_just_now(values: tuple[Any, Any]) -> bool:
    """Return whether both are moments, and those of two examples made one after the other."""
    try:
        first, second = (datetime.strptime(value[:19], "%Y-%m-%dT%H:%M:%S") for value in values)
    except (TypeError, ValueError):
        return False
    return abs(second - first) < timedelta(minutes=1)
