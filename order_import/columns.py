"""Recognise what the columns of a file hold, from their names and some of their values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from .amounts import parse_amount
from .cells import is_empty
from .dates import DAY_FIRST, MONTH_FIRST, parse_date
from .errors import BadRowError

# Field → patterns of a column's name, the surest first. Names are in lower case, without
# accents, with single spaces for whatever is neither letter nor digit.
_ID = r"(id|no|nr|num|number|code|key|ref|codigo|nummer|numero)"
_WHO = r"(customer|client|cliente|kunden?|klant|buyer|user|member|household|cust|card|shopper)"
_SOLD = r"(product|produto|produkt|producto|item|sku|stock ?code|article|artikel|artigo|lineitem)"
_NAMES: dict[str, tuple[str, ...]] = {
    "customer": (
        rf"{_WHO} {_ID}",
        rf"{_WHO}{_ID}",
        rf"{_ID} (d[oe]l? )?{_WHO}",
        rf"{_WHO}|客户|客户编号|客户编码",
        rf"{_WHO} ?name|nome( d[oe])? cliente",
    ),
    "email": (r"e ?mail( address)?|.* e ?mail|邮箱",),
    "name": (rf"{_WHO} ?name|(billing|shipping) name|nome( d[oe])? cliente|客户名称",),
    "order": (
        rf"(order|invoice|receipt|basket|bill|pedido|bestell(ung)?|rechnung|beleg|factura"
        rf"|transaction|ticket) ?{_ID}",
        rf"{_ID} (d[oe]l? )?(pedido|nota|factura|order)",
        r"order|invoice|receipt|pedido|订单号|订单编号|name",
    ),
    "date": (
        r"(order|invoice|purchase|transaction|sale|trans|bestell|rechnungs) ?(date|datum|day|time"
        r"|timestamp)",
        r"(data|fecha|date) (d[oe]l? |da )?(pedido|emissao|venda|order|compra|faturamento)",
        r"date|day|datum|data|fecha|timestamp|日期|下单时间|created at|order purchase timestamp",
        r".*\b(date|datum|fecha)\b.*|(paid|processed) at",
    ),
    "quantity": (
        r"quantity|qty|quantidade|qtde?|menge|anzahl|cantidad|pieces|units|数量",
        r"(order|lineitem|item)? ?(quantity|qty)( ordered)?|quantityordered|units sold|.*\bqty\b.*",
        r"number of .*",
    ),
    "price": (
        r"(unit|lineitem|item|each|list) ?price|price ?each|preco( unitario)?|(valor|preco) unit.*"
        r"|einzelpreis|stuckpreis|precio( unitario)?|单价",
        r"price|preis|prix|unit ?cost",
    ),
    "amount": (
        r"(line |row |net |sales? )?(amount|value|total)|sales|revenue|turnover|umsatz|betrag"
        r"|valor( total)?|total( sales| price)?|netto?|金额|销售额",
        r".*\b(amount|value|total|revenue|sales|paid|spent)\b.*|.*(betrag|umsatz|valor).*",
    ),
    "product": (
        rf"{_SOLD} ?{_ID}",
        rf"{_ID} (d[oe]l? )?{_SOLD}",
        rf"{_SOLD}|{_SOLD} (name|sku)|产品|商品",
        r"description|descricao|beschreibung",
    ),
    "status": (
        r"(financial |order |payment )?(status|state)|situacao|zustand|estado|状态|订单状态",
        r".*\bstatus\b.*",
    ),
    "currency": (r"currency( code)?|moeda|wahrung|divisa|devise|币种|curr",),
}
# Values by which a column that nobody named a status says that nothing was bought.
_NOT_BOUGHT = re.compile(
    r"cancel|annul|storn|void|refund|return|devol|declin|fail|reject|draft|abgebroch|取消|退款"
)
_CODE = re.compile(r"[A-Z]{3}")
_MOST_STATUSES = 30


def plain_name(name: str) -> str:
    """Return a column's name without accents, case and signs, words divided by one space."""
    # ProductID is two words; ISOCode too.
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip())
    letters = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))


def recognise(names: Sequence[str], samples: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return field → index of the column that seems to hold it.

    A column is taken once; one whose sample does not fit the field is not taken.

    :param samples: some values of each column
    """
    plain = [plain_name(name) for name in names]
    taken: dict[str, int] = {}
    for field, patterns in _NAMES.items():
        candidates = (
            index
            for pattern in patterns
            for index, name in enumerate(plain)
            if index not in taken.values()
            and re.fullmatch(pattern, name)
            and _fits(field, samples[index])
        )
        if (index := next(candidates, None)) is not None:
            taken[field] = index
    if "customer" not in taken and "email" not in taken and "name" in taken:
        taken["customer"] = taken.pop("name")
    if "price" in taken and "quantity" in taken:
        # What a row was sold for can be checked: price and quantity cannot mislead.
        taken.pop("amount", None)
    elif "amount" not in taken and "price" in taken:
        taken["amount"] = taken.pop("price")
    return taken


def date_parts(names: Sequence[str]) -> list[int]:
    """Return the indexes of the columns of year, month, day and time; none without a day."""
    plain = [plain_name(name) for name in names]
    parts = ("year", "month", "day", "time")
    found = [plain.index(part) for part in parts if part in plain]
    return found if all(part in plain for part in parts[:3]) else []


def is_unit_price(name: str) -> bool:
    """Return whether a column's name says that it holds the price of one."""
    return bool(re.fullmatch(_NAMES["price"][0], plain_name(name)))


def is_status(name: str, counts: Mapping[str, int]) -> bool:
    """Return whether a column tells which rows were bought and which were not.

    :param counts: value → number of rows, at most a few more than such a column has
    """
    values = [value for value in counts if not is_empty(value)]
    if not values or len(values) > _MOST_STATUSES:
        return False
    named = any(re.fullmatch(pattern, plain_name(name)) for pattern in _NAMES["status"])
    if named and len(values) > 1:
        return True
    return any(not_bought(value) for value in values)


def not_bought(value: str) -> bool:
    """Return whether a status says that nothing was bought, or that it was given back."""
    return len(value) <= 40 and bool(_NOT_BOUGHT.search(value.casefold()))


def is_currency(name: str, counts: Mapping[str, int], codes: frozenset[str]) -> bool:
    """Return whether a column holds nothing but codes of currencies.

    :param codes: all codes there are
    """
    values = [value for value in counts if not is_empty(value)]
    if any(re.fullmatch(pattern, plain_name(name)) for pattern in _NAMES["currency"]):
        return bool(values)
    return bool(values) and all(_CODE.fullmatch(value) and value in codes for value in values)


def _fits(field: str, sample: Sequence[str]) -> bool:
    values = [value for value in sample if not is_empty(value)]
    if not values:
        return False
    if field == "date":
        return all(_is_date(value) for value in values)
    if field in ("quantity", "price", "amount"):
        return all(_is_number(value) for value in values)
    if field == "email":
        return all("@" in value for value in values)
    return True


def _is_date(text: str) -> bool:
    for order in (DAY_FIRST, MONTH_FIRST):
        try:
            parse_date(text, order)
        except ValueError:
            continue
        return True
    return False


def _is_number(text: str) -> bool:
    for decimal in ".,":
        try:
            parse_amount(text, decimal, "")
        except BadRowError:
            continue
        return True
    return False
