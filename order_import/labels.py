"""What was loaded under which label, remembered in the database for the next load."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

# An order's source document, a text that nobody types by chance.
ORIGIN = "load-orders: "
# The module of the external ids by which a label's new customers and products are found again.
MODULE = "__load_orders__"
EXTERNAL_KINDS = {"res.partner": "customer", "product.product": "product"}
# Options that say what is found out without them too: given once only, they change nothing.
_FOUND_OUT = ("decimal", "date_format")
_PARAMETER = "order_import.label"


@dataclass(frozen=True)
class Reading:
    """How a file was read: what decides whether another load means the same purchases.

    :param columns: field → column's name
    :param options: option → value, of those that change sums or days
    :param digest: SHA-256 of the file
    """

    columns: dict[str, str]
    options: dict[str, str]
    digest: str

    def differences(self, other: Reading) -> list[str]:
        """Return what ``other`` reads in another way, each as "field: before → now"."""
        found = []
        for before, now in ((self.columns, other.columns), (self.options, other.options)):
            for name in sorted({*before, *now}):
                if name in _FOUND_OUT and not (name in before and name in now):
                    continue
                if before.get(name) != now.get(name):
                    found.append(f"{name}: {before.get(name, '—')} → {now.get(name, '—')}")
        return found


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Labels:
    """The labels of one company's loads."""

    def __init__(self, company):
        self._parameters = company.env["ir.config_parameter"]
        self._prefix = f"{_PARAMETER}.{company.id}."

    def recall(self, label: str) -> Reading | None:
        """Return how the last file of a label was read."""
        text = self._parameters.get_param(self._prefix + label)
        return Reading(**json.loads(text)) if text else None

    def remember(self, label: str, reading: Reading) -> None:
        """Keep how a label's file was read."""
        self._parameters.set_param(self._prefix + label, json.dumps(asdict(reading)))

    def forget(self, label: str) -> None:
        """Drop what is known of a label."""
        self._parameters.set_param(self._prefix + label, False)

    def names(self) -> list[str]:
        """Return all labels that are remembered."""
        found = self._parameters.search([("key", "=like", self._prefix + "%")])
        return sorted(parameter.key.removeprefix(self._prefix) for parameter in found)

    def doubts(self, label: str, reading: Reading) -> list[str]:
        """Return why a load may mean purchases that were loaded in another way before."""
        for name in dict.fromkeys([label, *self.names()]):
            before = self.recall(name)
            if before is None or (name != label and before.digest != reading.digest):
                continue
            if differences := before.differences(reading):
                what = f"the label {label!r}" if name == label else "this file"
                return [
                    f"{what} was loaded{'' if name == label else f' as {name!r}'} with other "
                    f"options ({'; '.join(differences)}): take that load back first with "
                    f"--undo {name!r}, or give other purchases a --label of their own"
                ]
        return []
