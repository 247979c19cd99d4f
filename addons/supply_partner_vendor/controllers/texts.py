from datetime import date, datetime

from odoo.addons.overview_page.tools.dates import format_day, format_full_day
from odoo.tools import format_amount, format_datetime


class Texts:
    """How values are written for people, in the language of the page."""

    def __init__(self, env):
        self._env = env
        self._format = env["vmi.proposal.line"].sudo()._format_quantity
        self._currencies = {}

    def number(self, value):
        """Return a quantity without needless decimals."""
        return self._format(value or 0.0)

    def plain(self, value):
        """Return a number as a number field of a page takes it."""
        return f"{value or 0.0:.6f}".rstrip("0").rstrip(".")

    def money(self, value, currency):
        """Return an amount in a currency, given by its name."""
        if value is None or not currency:
            return "–"
        if currency not in self._currencies:
            found = self._env["res.currency"].sudo().with_context(active_test=False)
            self._currencies[currency] = found.search([("name", "=", currency)], limit=1)
        return format_amount(self._env, value, self._currencies[currency])

    def share(self, value):
        """Return a share in per cent."""
        return "–" if value is None else f"{self.number(round(100 * value))} %"

    def day(self, text):
        """Return a day, given in ISO 8601."""
        return format_full_day(self._env, date.fromisoformat(text)) if text else "–"

    def short_day(self, text):
        """Return a day, with its year only where that is not this one."""
        return format_day(self._env, date.fromisoformat(text)) if text else "–"

    def moment(self, text):
        """Return a moment, given in UTC, in the user's zone."""
        if not text:
            return "–"
        moment = datetime.fromisoformat(text.removesuffix("Z"))
        return format_datetime(self._env, moment, dt_format="short")

    def cover(self, weeks):
        """Return for how long the stock lasts."""
        if weeks is None:
            return self._env._("No demand")
        if weeks < 1:
            days = int(weeks * 7 + 1e-6)
            return self._env._("1 day") if days == 1 else self._env._("%s days", days)
        return self._env._("%s weeks", self.number(weeks))

    def bar(self, line):
        """Return the bar of a product: how far each part reaches, in per cent of its scale."""
        on_hand, incoming = max(line["on_hand"], 0), max(line["incoming"], 0)
        scale = max(line["max"] * 1.15, on_hand + incoming, 1e-9)

        def share(quantity):
            return round(min(100 * quantity / scale, 100), 1)

        return {
            "on_hand": share(on_hand),
            "incoming": min(share(incoming), round(100 - share(on_hand), 1)),
            "min": share(line["min"]),
            "max": share(line["max"]),
        }

    def as_of(self, text):
        """Return as of when figures are."""
        return self._env._("As of %s", self.moment(text))

    def since(self, text):
        """Return since when a key holds."""
        return self._env._("since %s", self.moment(text))

    def until(self, text):
        """Return until when a proposal can be answered."""
        return self._env._("Answer until %s.", self.moment(text))

    def most(self, line):
        """Return up to how much of a proposal's product fits."""
        most = self.number(line["most"])
        if line["multiple"] == 1:
            return self._env._("up to %s fit", most)
        multiple = self.number(line["multiple"])
        return self._env._(
            "up to %(most)s fit, in multiples of %(multiple)s", most=most, multiple=multiple
        )

    def coming(self, line):
        """Return how much of an order's product is still to come."""
        return self._env._(
            "%(quantity)s %(unit)s to come", quantity=self.number(line["left"]), unit=line["unit"]
        )

    def a_day(self, line):
        """Return how much of a product is used a day."""
        return self._env._(
            "%(quantity)s %(unit)s a day",
            quantity=self.number(line["daily_demand"]),
            unit=line["unit"],
        )

    def status(self, code):
        """Return the label of a stock status."""
        return {
            "out": self._env._("Out of stock"),
            "below": self._env._("Below minimum"),
            "on_track": self._env._("On track"),
            "above": self._env._("Above maximum"),
            "dead": self._env._("No demand"),
        }.get(code, self._env._("Not reviewed yet"))

    def state(self, code):
        """Return the label of the state of a proposal, an order or a shipment."""
        return self._get_states().get(code, code)

    def describe_done(self, code):
        """Return what was done, for a message on the next page."""
        return self._get_done().get(code)

    def _get_states(self):
        return {
            "sent": self._env._("To answer"),
            "waiting": self._env._("With the buyer"),
            "ordered": self._env._("Ordered"),
            "refused": self._env._("Refused"),
            "expired": self._env._("Expired"),
            "open": self._env._("Open"),
            "received": self._env._("Received"),
            "cancelled": self._env._("Cancelled"),
            "announced": self._env._("Announced"),
        }

    def _get_done(self):
        return {
            "ordered": self._env._("Thank you. It is ordered as you answered."),
            "waiting": self._env._("Thank you. The buyer looks at your answer."),
            "refused": self._env._("You refused the proposal. The buyer is told."),
            "written": self._env._("Your message was sent."),
            "announced": self._env._("The shipment is announced."),
            "over": self._env._("It is more than was ordered: the buyer decides about it."),
            "cancelled": self._env._("The shipment was called off."),
            "key_deleted": self._env._("The key was deleted."),
            "forecast": self._env._("Your forecast was saved."),
        }
