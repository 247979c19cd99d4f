"""Who and what is in the story. Nobody in it could exist: names say what a thing is."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

COMPANY = "Harbour Trading"


@dataclass(frozen=True)
class Person:
    """A user, named by the role."""

    login: str
    name: str
    groups: tuple[str, ...]
    capacity: int = 0
    follow_ups_a_day: int = 0


SALES = "sales_team.group_sale_salesman"
PEOPLE = (
    Person("key", "Key Account Sales", (SALES,), 9, 1),
    Person("north", "Salesperson North", (SALES,), 20, 2),
    Person("south", "Salesperson South", (SALES,), 20, 2),
    Person(
        "sales",
        "Sales Manager",
        ("sales_team.group_sale_manager", "customer_tiering.group_tiering_manager"),
    ),
    Person("buyer", "Buyer", ("purchase.group_purchase_user", "stock.group_stock_user")),
    Person("purchase", "Purchase Manager", ("purchase.group_purchase_manager",
                                            "stock.group_stock_manager")),
)  # fmt: skip


@dataclass(frozen=True)
class Vendor:
    """A vendor and how it delivers.

    :ivar lead_days: promised days from order to arrival
    :ivar late: share of its deliveries that come late
    :ivar short: share of its deliveries of which a part comes a week later
    """

    name: str
    email: str
    lead_days: int
    late: float
    short: float


COFFEE = Vendor("Hill Coffee Roasters", "orders@hill-coffee.example.com", 5, 0.06, 0.0)
MILL = Vendor("Valley Flour Mill", "orders@valley-mill.example.com", 6, 0.38, 0.16)
PANTRY = Vendor("Southern Pantry", "orders@southern-pantry.example.com", 10, 0.15, 0.0)
DAIRY = Vendor("Meadow Dairy", "orders@meadow-dairy.example.com", 2, 0.10, 0.05)
PORCELAIN = Vendor("Porcelain Works", "orders@porcelain-works.example.com", 21, 0.22, 0.12)
CLEANING = Vendor("Clean & Clear Supplies", "orders@clean-clear.example.com", 4, 0.12, 0.0)
# Its orders cannot be mailed: it has no address.
PAPER = Vendor("Paper & Pack", "", 7, 0.10, 0.08)
METAL = Vendor("Kitchen Metal Works", "orders@kitchen-metal.example.com", 14, 0.20, 0.0)
VENDORS = (COFFEE, MILL, PANTRY, DAIRY, PORCELAIN, CLEANING, PAPER, METAL)


@dataclass(frozen=True)
class Product:
    """A product on the shelf.

    :ivar multiple: it is bought in whole multiples of so many
    :ivar popularity: how often an order names it, beside the others
    :ivar quantity: how much an order of a customer of usual size takes
    """

    name: str
    vendor: Vendor
    cost: float
    price: float
    multiple: int
    popularity: float
    quantity: int


PRODUCTS = (
    Product("Espresso Beans 1 kg", COFFEE, 9.0, 15.0, 12, 10, 16),
    Product("Filter Coffee 1 kg", COFFEE, 7.5, 12.5, 12, 6, 12),
    Product("Decaf Beans 1 kg", COFFEE, 9.5, 16.0, 12, 2, 6),
    Product("Wheat Flour 25 kg", MILL, 14.0, 21.0, 10, 8, 10),
    Product("Rye Flour 25 kg", MILL, 15.0, 23.0, 10, 4, 6),
    Product("Spelt Flour 10 kg", MILL, 11.0, 18.0, 10, 3, 5),
    Product("Cane Sugar 10 kg", PANTRY, 8.0, 12.5, 20, 4, 8),
    Product("Cocoa 1 kg", PANTRY, 9.5, 15.5, 6, 1.5, 4),
    Product("Vanilla Syrup 1 l", PANTRY, 5.2, 9.0, 6, 1.2, 6),
    Product("Caramel Syrup 1 l", PANTRY, 5.2, 9.0, 6, 1, 6),
    Product("Flower Honey 5 kg", PANTRY, 27.0, 41.0, 2, 0.8, 2),
    Product("Almonds 5 kg", PANTRY, 38.0, 55.0, 2, 0.8, 2),
    Product("Raisins 5 kg", PANTRY, 14.0, 22.0, 4, 0.8, 2),
    Product("Cinnamon 1 kg", PANTRY, 11.0, 18.0, 4, 0.7, 2),
    Product("Sea Salt 10 kg", PANTRY, 4.0, 7.5, 10, 0.7, 3),
    Product("Baking Powder 5 kg", PANTRY, 12.0, 19.0, 4, 0.7, 2),
    Product("Butter 5 kg", DAIRY, 28.0, 38.0, 4, 6, 6),
    Product("Oat Drink 12 × 1 l", DAIRY, 13.0, 19.5, 10, 5, 8),
    Product("Coffee Cup White", PORCELAIN, 2.4, 4.9, 24, 3, 48),
    Product("Dinner Plate 27 cm", PORCELAIN, 3.1, 6.4, 24, 2, 36),
    Product("Machine Cleaner 1 kg", CLEANING, 6.0, 11.0, 6, 3, 4),
    Product("Dish Soap 10 l", CLEANING, 9.0, 15.5, 6, 3, 3),
    Product("Paper Napkins 1000", PAPER, 7.0, 12.0, 20, 4, 8),
    Product("Take-away Cup 1000", PAPER, 41.0, 64.0, 5, 3, 3),
)
# Bought once and hardly sold: what dead stock looks like.
KETTLE = Product("Copper Kettle", METAL, 62.0, 119.0, 4, 0, 1)
TEAPOT = Product("Steel Teapot 1 l", METAL, 18.0, 34.0, 6, 0.4, 2)


@dataclass(frozen=True)
class Phase:
    """How a customer orders during a part of the two years.

    :ivar since: days ago on which it begins
    :ivar every: days between orders, on average
    """

    since: int
    every: float


@dataclass(frozen=True)
class Customer:
    """A customer, and how it orders and pays.

    :ivar seller: login of the salesperson
    :ivar size: how much an order takes, beside one of usual size
    :ivar phases: how often it orders, oldest first; it orders nothing before the first, and
        nothing after a phase with ``every`` 0
    :ivar delay: days after the due date on which it usually pays; below 0: before
    :ivar dumped: sold below cost
    """

    name: str
    seller: str
    size: float
    phases: tuple[Phase, ...]
    delay: int = 2
    dumped: bool = False

    @property
    def domain(self) -> str:
        """The part of its addresses after the @."""
        plain = unicodedata.normalize("NFKD", self.name.lower()).encode("ascii", "ignore").decode()
        letters = "".join(letter if letter.isalnum() else "-" for letter in plain)
        return f"{'-'.join(filter(None, letters.split('-')))}.example.com"


def steady(every: float, since: int = 730) -> tuple[Phase, ...]:
    """Return the one phase of a customer who always ordered alike."""
    return (Phase(since, every),)


# The figures of the story that the others point at.
FALLING = Customer("Old Mill Café", "north", 3.4, (Phase(725, 21), Phase(44, 0)), 5)
RISING = Customer("Harbour Bakery", "north", 2.2, (Phase(700, 81), Phase(240, 24)), -2)
BACK = Customer("Lakeside Restaurant", "south", 2.2, (Phase(730, 32), Phase(420, 0), Phase(58, 22)))
LAPSING = Customer("Theatre Bar", "south", 3.0, (Phase(730, 23), Phase(48, 0)), 3)
OVERDUE = Customer("Night Market Grill", "south", 1.3, steady(45), 41)
UNPROFITABLE = Customer("Discount Diner", "south", 1.1, steady(61), 12, dumped=True)
OVERRIDDEN = Customer("Station Hotel", "key", 1.5, steady(65, 500), 0)
REQUESTED = Customer("Museum Café", "north", 1.2, steady(70, 600), 1)

CUSTOMERS = (
    Customer("Grand Hotel Riverside", "key", 3.6, steady(26), -3),
    Customer("City Coffee Chain", "key", 3.4, steady(20), 0),
    Customer("Airport Catering", "key", 3.2, steady(34), 4),
    Customer("University Canteen", "key", 2.4, steady(40), 6),
    Customer("Ferry Line Kitchens", "key", 2.6, steady(46), 3),
    Customer("Conference Centre", "key", 3.4, (Phase(700, 42), Phase(260, 130)), 5),
    Customer("Hospital Kitchen", "key", 2.0, steady(54), 8),
    Customer("Mountain Railway Bistro", "key", 1.6, steady(74), 2),
    Customer("Golf Club House", "key", 1.9, (Phase(720, 40), Phase(260, 130)), 6),
    OVERRIDDEN,
    RISING,
    FALLING,
    REQUESTED,
    Customer("Market Square Bakery", "north", 1.6, steady(43), 1),
    Customer("Corner Pastry Shop", "north", 1.0, steady(59), 0),
    Customer("Lighthouse Inn", "north", 1.2, steady(65), 4),
    Customer("Garden Tea Room", "north", 0.8, steady(78), -1),
    Customer("North Pier Kiosk", "north", 0.6, steady(101), 9),
    Customer("Sailors' Guest House", "north", 0.9, steady(89), 3),
    Customer("Farm Shop Café", "north", 0.9, (Phase(400, 68), Phase(110, 51)), 2),
    Customer("Bicycle Café", "north", 0.7, steady(70, 80), 1),
    Customer("Riverbank Bakery", "north", 1.0, steady(40, 62), 0),
    Customer("Book Shop Coffee Corner", "north", 0.5, steady(54, 40), 2),
    Customer("Rowing Club Canteen", "north", 0.9, (Phase(730, 49), Phase(350, 0)), 7),
    BACK,
    LAPSING,
    OVERDUE,
    UNPROFITABLE,
    Customer("South Gate Bakery", "south", 1.7, steady(38), 0),
    Customer("Vineyard Restaurant", "south", 1.4, steady(55), 2),
    Customer("Old Town Brasserie", "south", 1.3, (Phase(730, 40), Phase(200, 86)), 5),
    Customer("Campsite Shop", "south", 0.7, steady(94), 6),
    Customer("Swimming Hall Snack Bar", "south", 0.6, steady(108), 4),
    Customer("Village Green Pub", "south", 1.0, steady(77), 3),
    Customer("Pancake House", "south", 1.1, (Phase(300, 54),), 1),
    Customer("School Kitchen South", "south", 1.3, (Phase(500, 61),), 10),
    Customer("Ice Cream Parlour", "south", 0.8, steady(61, 70), 2),
    Customer("Noodle Bar", "south", 0.8, steady(46, 46), 1),
    Customer("Airport Snack Bar", "south", 1.5, (Phase(730, 38), Phase(300, 0)), 4),
    Customer("Corner Kiosk", "south", 0.6, (Phase(720, 81), Phase(380, 0)), 15),
    # They ordered little, twice a week, and closed before the shelves' story begins. Without them
    # who orders often would spend more each time, and no lifetime value could be estimated.
    Customer("Sandwich Counter", "north", 0.35, (Phase(730, 3.5), Phase(412, 0)), 0),
    Customer("Tram Stop Kiosk", "south", 0.4, (Phase(725, 5), Phase(424, 0)), 1),
)

# Quotations and opportunities, and no order yet.
PROSPECTS = (
    ("Seaside Spa Hotel", "north"),
    ("Food Truck Collective", "south"),
    ("Concert Hall Foyer", "key"),
    ("Riding School Canteen", "south"),
)
