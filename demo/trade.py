"""Two years of trade, drawn before anything is written: who orders what, what comes in when.

Each order is shipped when all of it is on the shelf, so a vendor's delay becomes a customer's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from .cast import CUSTOMERS, KETTLE, PRODUCTS, TEAPOT, Customer, Product, Vendor
from .days import Days

# The customers' story begins so many days ago, and that of the shelves when Odoo took over.
LENGTH = 730
SHELF_LENGTH = 400
# A customer is promised the goods so many days after the order.
SHIPPING_DAYS = 3
# What the vendors were left to fill up lately, so that the shelf shows it (see supply.py).
LEFT_TO_VENDORS = {
    "Rye Flour 25 kg",
    "Wheat Flour 25 kg",
    "Butter 5 kg",
    "Decaf Beans 1 kg",
    "Dinner Plate 27 cm",
    "Take-away Cup 1000",
}
# How many days of demand an order to a vendor covers beyond its lead time, and when it is made.
COVER_DAYS, SAFETY_DAYS = 32, 7


@dataclass
class Sale:
    """An order of a customer.

    :ivar ago: how many days before today it was wanted; on a weekend it was ordered before that
    :ivar shipped: the day of the delivery; None where it is still open
    """

    customer: Customer
    ago: int
    day: date
    lines: dict[Product, int]
    shipped: date | None = None

    def price(self, product: Product) -> float:
        """What a unit of a product was sold for."""
        return round(0.93 * product.cost, 2) if self.customer.dumped else product.price

    @property
    def value(self) -> float:
        """What the order was worth."""
        return sum(self.price(product) * quantity for product, quantity in self.lines.items())

    @property
    def cost(self) -> float:
        """What the goods had cost."""
        return sum(product.cost * quantity for product, quantity in self.lines.items())

    @property
    def promised(self) -> date:
        """The day on which the customer was promised the goods."""
        return self.day + timedelta(days=SHIPPING_DAYS)


@dataclass
class Purchase:
    """An order to a vendor.

    :ivar arrivals: (day, {product: quantity}) as they came; days after today are still to come
    """

    vendor: Vendor
    day: date
    lines: dict[Product, int]
    promised: date
    arrivals: list[tuple[date, dict[Product, int]]] = field(default_factory=list)


@dataclass
class Trade:
    """What was traded.

    :ivar opening: what lay on the shelf on the first day
    :ivar former: sales from before that day
    """

    opening: dict[Product, int]
    former: list[Sale]
    sales: list[Sale]
    purchases: list[Purchase]


def draw(days: Days) -> Trade:
    """Return two years of trade up to yesterday."""
    sales = (sale for customer in CUSTOMERS for sale in _sales(days, customer))
    everything = sorted(sales, key=lambda sale: sale.day)
    former = [sale for sale in everything if sale.ago > SHELF_LENGTH]
    sales = [sale for sale in everything if sale.ago <= SHELF_LENGTH]
    demand = _daily_demand(sales)
    opening = {product: round(50 * demand[product]) + _lump(product) for product in PRODUCTS}
    opening |= {KETTLE: 48, TEAPOT: 40}
    shelf = _Shelf(opening, demand)
    ordered_on = defaultdict(list)
    for sale in sales:
        ordered_on[max(sale.day, days.ago(SHELF_LENGTH))].append(sale)
    for ago in range(SHELF_LENGTH, 0, -1):
        shelf.pass_day(days.ago(ago), ago, ordered_on[days.ago(ago)])
    return Trade(opening, former, sales, shelf.purchases)


def _sales(days, customer):
    # A chance of its own: what one customer does moves no other's orders.
    random = Random(customer.name)
    favourites = random.sample(PRODUCTS, 5)
    for number, phase in enumerate(customer.phases):
        following = customer.phases[number + 1 :]
        end = following[0].since if following else 0
        # A phase begins with an order on one of its first days; not all begin on one day.
        ago = phase.since - random.randint(0, 4 if number else min(60, phase.since // 8))
        while phase.every and ago > end:
            yield Sale(
                customer,
                ago,
                days.working_day(days.ago(ago)),
                _basket(random, customer, favourites, ago),
            )
            ago -= max(2, round(random.gauss(phase.every, phase.every / 5)))


def _basket(random, customer, favourites, ago):
    weights = [product.popularity for product in favourites]
    chosen = set(random.choices(favourites, weights, k=random.choice((1, 2, 2, 3))))
    # Trade grows a little, and December is busy.
    growth = 1.12 - 0.12 * ago / LENGTH
    lines = {}
    for product in sorted(chosen, key=lambda product: product.name):
        usual = product.quantity * customer.size * growth * random.uniform(0.75, 1.3)
        lines[product] = max(1, round(usual))
    if random.random() < 0.02:
        lines[TEAPOT] = 1
    return lines


def _daily_demand(sales):
    sums = defaultdict(float)
    for sale in sales:
        for product, quantity in sale.lines.items():
            sums[product] += quantity / SHELF_LENGTH
    return sums


class _Shelf:
    """The shelves while the days pass: goods come in, orders go out, what runs low is ordered."""

    def __init__(self, opening, demand):
        self.purchases: list[Purchase] = []
        self._on_hand = dict(opening)
        self._demand = demand
        self._random = Random("vendors")
        self._waiting: list[Sale] = []
        self._coming = defaultdict(list)
        self._ordered = defaultdict(int)

    def pass_day(self, today, ago, sales):
        """Let a day pass, on which some customers order.

        :param ago: how many days ago it was
        """
        for arrival in self._coming.pop(today, ()):
            for product, quantity in arrival.items():
                self._on_hand[product] += quantity
                self._ordered[product] -= quantity
        self._waiting = [sale for sale in (*self._waiting, *sales) if not self._ship(sale, today)]
        if today.weekday() < 5:
            self._reorder(today, ago)

    def _ship(self, sale, today):
        lines = sale.lines.items()
        is_there = all(self._on_hand[product] >= quantity for product, quantity in lines)
        if today < sale.promised - timedelta(days=1) or not is_there:
            return False
        for product, quantity in lines:
            self._on_hand[product] -= quantity
        sale.shipped = today
        return True

    def _reorder(self, today, ago):
        """Order from each vendor of whom something runs low, and fill up the rest with it."""
        levels = defaultdict(dict)
        for product in PRODUCTS:
            if product.name not in LEFT_TO_VENDORS or ago >= product.vendor.lead_days + 16:
                levels[product.vendor][product] = self._position(product), self._floor(product)
        for vendor, products in levels.items():
            if any(position < floor for position, floor in products.values()):
                self._order(vendor, today, self._missing(products))

    def _position(self, product):
        promised = sum(sale.lines.get(product, 0) for sale in self._waiting)
        return self._on_hand[product] + self._ordered[product] - promised

    def _floor(self, product):
        days = product.vendor.lead_days + SAFETY_DAYS
        return self._demand[product] * days + _lump(product)

    def _missing(self, products):
        missing = {}
        for product, (position, floor) in products.items():
            wanted = floor + self._demand[product] * COVER_DAYS - position
            if wanted >= product.multiple or position < floor:
                missing[product] = -(-round(wanted) // product.multiple) * product.multiple
        return missing

    def _order(self, vendor, today, lines):
        random = self._random
        promised = today + timedelta(days=vendor.lead_days)
        delay = random.randint(2, 6) if random.random() < vendor.late else 0
        arrives = promised + timedelta(days=delay)
        arrivals = [(arrives, lines)]
        if random.random() < vendor.short:
            first = {product: max(1, round(0.7 * quantity)) for product, quantity in lines.items()}
            rest = {product: quantity - first[product] for product, quantity in lines.items()}
            arrivals = [(arrives, first), (arrives + timedelta(days=7), rest)]
        self.purchases.append(Purchase(vendor, today, lines, promised, arrivals))
        for product, quantity in lines.items():
            self._ordered[product] += quantity
        for day, arrival in arrivals:
            self._coming[day].append(arrival)


def _lump(product):
    """What one large order takes of a product."""
    return round(1.3 * product.quantity)
