"""What messages say, whatever their format: what lies between a codec and Odoo.

Quantities are in the unit that the record names by its UN/ECE code, "" for the product's own.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Item:
    """A product, by as many of its numbers as are known.

    :param gtin: its bar code
    :param buyer_code: its number at the buyer
    :param vendor_code: its number at the vendor
    """

    gtin: str = ""
    buyer_code: str = ""
    vendor_code: str = ""
    name: str = ""


@dataclass(frozen=True)
class StockLine:
    """Where a product of an agreement stands."""

    item: Item
    unit: str
    on_hand: float
    incoming: float
    outgoing: float
    proposed: float
    least: float
    most: float


@dataclass(frozen=True)
class StockReport:
    """The stock under an agreement.

    :param proposals: the numbers of proposals that wait for the vendor's answer
    """

    number: str
    day: date
    agreement: str
    place: str
    place_gln: str
    proposals: tuple[str, ...]
    lines: tuple[StockLine, ...]


@dataclass(frozen=True)
class SalesDay:
    """What went out of a product at a place on a day; the stock is that of the day's end."""

    item: Item
    unit: str
    day: date
    sold: float
    used: float
    returned: float
    on_hand: float
    incoming: float


@dataclass(frozen=True)
class SalesReport:
    """The sell-through of an agreement's place from one day to another."""

    number: str
    day: date
    first: date
    last: date
    agreement: str
    place: str
    place_gln: str
    days: tuple[SalesDay, ...]


@dataclass(frozen=True)
class ResponseLine:
    """The vendor's answer about a product.

    :param action: ``confirmed``, ``changed`` or ``refused``
    :param quantity: what will be delivered; None: as it was proposed
    :param price: of a unit, in the agreement's currency; None: not named
    :param segment: where it stands in the interchange
    """

    item: Item
    action: str
    quantity: float | None
    unit: str = ""
    price: float | None = None
    segment: int = 0


@dataclass(frozen=True)
class OrderResponse:
    """The vendor's answer to a proposal, or what the vendor offers without being asked.

    :param action: ``confirmed``, ``changed`` or ``refused``, of all of it
    :param proposal: the number of the proposal; "": nobody asked
    :param agreement: the number of the agreement, where it is named
    """

    number: str
    action: str
    day: date | None = None
    arrives: date | None = None
    proposal: str = ""
    agreement: str = ""
    place_gln: str = ""
    currency: str = ""
    reason: str = ""
    reference_segment: int = 0
    lines: tuple[ResponseLine, ...] = ()


@dataclass(frozen=True)
class ShippedLine:
    """A product on its way, of one lot or serial number and in one package."""

    item: Item
    quantity: float
    unit: str = ""
    lot: str = ""
    package: str = ""
    order: str = ""
    segment: int = 0


@dataclass(frozen=True)
class DespatchAdvice:
    """What the vendor has sent.

    :param arrives: the day on which it is expected
    """

    number: str
    arrives: date
    day: date | None = None
    carrier: str = ""
    tracking: str = ""
    package_count: int = 0
    note: str = ""
    lines: tuple[ShippedLine, ...] = field(default=())
