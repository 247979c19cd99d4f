"""Customer tiers as an add-on usually makes them: grouped by the ORM, scored in Python.

Written as well as that goes: grouped reads, percentiles by bisection, no query per customer,
plain fields on the contact (a company-dependent field is slower still), a commit for each batch.
What no grouped read gives, the days from due date to payment, it reads in batches and only the
fields it needs. Who moved when it keeps as usual, by tracking the tier, or not at all.
It judges by the same ten figures as the add-on it is measured beside, and does less: no grace,
no classifications, no dimensions, one company.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

BATCH = 1000
TIERS = ((80, "vip"), (60, "important"), (30, "ordinary"), (0, "potential"))
# The figures of a customer, and whether more of it is better.
FIGURES = {
    "revenue": True,
    "order_count": True,
    "average_order": True,
    "recency_days": False,
    "tenure_days": True,
    "return_rate": False,
    "quote_acceptance": True,
    "active_months": True,
    "payment_delay_days": False,
    "overdue_ratio": False,
}


class UsualAddon:
    """The add-on's nightly job.

    :param keeps_moves: whether the tier is tracked, so that the contact's history names each move
    """

    def __init__(self, env, company, window_months: int = 12, keeps_moves: bool = True):
        self.env = env(context={**env.context, "active_test": False})
        self.company = company
        self.window_months = window_months
        self.prefix = "x_tracked" if keeps_moves else "x_plain"
        self.keeps_moves = keeps_moves

    def install(self):
        """Give contacts the fields that such an add-on has."""
        model = self.env["ir.model"]._get_id("res.partner")
        kinds = {"tier": "char", "score": "float", "revenue": "monetary"}
        self.env["ir.model.fields"].create(
            [
                {
                    "model_id": model,
                    "name": f"{self.prefix}_{name}",
                    "field_description": f"{name}, {self.prefix}",
                    "ttype": kind,
                    "state": "manual",
                    **({"tracking": 100} if name == "tier" and self.keeps_moves else {}),
                    **({"currency_field": "currency_id"} if kind == "monetary" else {}),
                }
                for name, kind in kinds.items()
            ]
        )

    def evaluate(self, as_of: date) -> int:
        """Score every customer and write the tier on the contact; return how many."""
        figures = self._figures(as_of)
        ranked = {
            figure: sorted(row[figure] for row in figures.values() if row.get(figure) is not None)
            for figure in FIGURES
        }
        partners = self.env["res.partner"].browse(sorted(figures))
        for start in range(0, len(partners), BATCH):
            for partner in partners[start : start + BATCH]:
                row = figures[partner.id]
                score = self._score(row, ranked)
                partner.write(
                    {
                        f"{self.prefix}_tier": next(t for least, t in TIERS if score >= least),
                        f"{self.prefix}_score": score,
                        f"{self.prefix}_revenue": row["revenue"],
                    }
                )
            self.env.flush_all()
            self.env.cr.commit()
            self.env.invalidate_all()
        return len(partners)

    def _figures(self, as_of):
        """Return the figures of each customer, by the id of the commercial partner."""
        window = as_of - relativedelta(months=self.window_months)
        figures = defaultdict(lambda: {"revenue": 0.0, "order_count": 0, "decided": 0})
        self._read_orders(figures, as_of, window)
        invoiced = self._sum_invoices("out_invoice", window, as_of)
        credited = self._sum_invoices("out_refund", window, as_of)
        months = self._count_months(window, as_of)
        delays = self._read_delays(window, as_of)
        owed = self._sum_receivables(as_of)
        overdue = self._sum_receivables(as_of, [("date_maturity", "<", as_of)])
        customers = {partner: row for partner, row in figures.items() if "first" in row}
        for partner, row in customers.items():
            count = row["order_count"]
            row["average_order"] = row["revenue"] / count if count else None
            row["recency_days"] = (as_of - row["last"].date()).days
            row["tenure_days"] = (as_of - row["first"].date()).days
            row["quote_acceptance"] = count / row["decided"] if row["decided"] else None
            sold = invoiced.get(partner, 0)
            row["return_rate"] = -credited.get(partner, 0) / sold if sold else 0
            row["active_months"] = len(months[partner]) / self.window_months
            row["payment_delay_days"] = delays.get(partner)
            row["overdue_ratio"] = overdue[partner] / owed[partner] if owed[partner] else 0
        return customers

    def _read_orders(self, figures, as_of, window):
        orders = self.env["sale.order"]
        begin, end = (datetime.combine(day + timedelta(days=1), time()) for day in (window, as_of))
        mine = [("company_id", "=", self.company.id), ("date_order", "<", end)]
        for partner, first, last in orders._read_group(
            [*mine, ("state", "=", "sale")],
            ["partner_id"],
            ["date_order:min", "date_order:max"],
        ):
            row = figures[partner.commercial_partner_id.id]
            row["first"] = min(row.get("first", first), first)
            row["last"] = max(row.get("last", last), last)
        in_window = [*mine, ("date_order", ">=", begin)]
        for partner, currency, state, count, amount in orders._read_group(
            [*in_window, ("state", "in", ("sale", "cancel", "sent"))],
            ["partner_id", "currency_id", "state"],
            ["__count", "amount_untaxed:sum"],
        ):
            row = figures[partner.commercial_partner_id.id]
            row["decided"] += count
            if state == "sale":
                row["order_count"] += count
                row["revenue"] += currency._convert(
                    amount, self.company.currency_id, self.company, as_of, round=False
                )

    def _sum_invoices(self, move_type, window, as_of):
        groups = self.env["account.move"]._read_group(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "posted"),
                ("move_type", "=", move_type),
                ("invoice_date", ">", window),
                ("invoice_date", "<=", as_of),
            ],
            ["commercial_partner_id"],
            ["amount_untaxed_signed:sum"],
        )
        return {partner.id: amount for partner, amount in groups}

    def _count_months(self, window, as_of):
        """Return the months with an order, by customer."""
        begin, end = (datetime.combine(day + timedelta(days=1), time()) for day in (window, as_of))
        months = defaultdict(set)
        for partner, month in self.env["sale.order"]._read_group(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "sale"),
                ("date_order", ">=", begin),
                ("date_order", "<", end),
            ],
            ["partner_id", "date_order:month"],
        ):
            months[partner.commercial_partner_id.id].add(month)
        return months

    def _read_delays(self, window, as_of):
        """Return the days from due date to payment, weighted by amount, by customer."""
        paid, delay = defaultdict(float), defaultdict(float)
        matches = self.env["account.partial.reconcile"].search_fetch(
            [
                ("company_id", "=", self.company.id),
                ("max_date", ">", window),
                ("debit_move_id.move_id.move_type", "=", "out_invoice"),
                ("credit_move_id.move_id.move_type", "=", "entry"),
            ],
            ["amount", "debit_move_id", "credit_move_id"],
        )
        for start in range(0, len(matches), BATCH):
            batch = matches[start : start + BATCH]
            batch.debit_move_id.fetch(["move_id", "date_maturity"])
            batch.debit_move_id.move_id.fetch(["commercial_partner_id"])
            batch.credit_move_id.fetch(["date"])
            for match in batch:
                payment = match.credit_move_id.date
                if window < payment <= as_of:
                    customer = match.debit_move_id.move_id.commercial_partner_id.id
                    paid[customer] += match.amount
                    days = (payment - match.debit_move_id.date_maturity).days
                    delay[customer] += match.amount * days
        return {customer: delay[customer] / amount for customer, amount in paid.items() if amount}

    def _sum_receivables(self, as_of, domain=()):
        """Return what customers owe on posted invoices, by customer."""
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
                ("amount_residual", ">", 0),
                ("move_id.move_type", "=", "out_invoice"),
                ("move_id.invoice_date", "<=", as_of),
                *domain,
            ],
            ["partner_id"],
            ["amount_residual:sum"],
        )
        sums = defaultdict(float)
        for partner, amount in groups:
            sums[partner.commercial_partner_id.id] += amount
        return sums

    @staticmethod
    def _score(row, ranked):
        """Return the mean of the percentiles of the figures that the customer has."""
        points = []
        for figure, more_is_better in FIGURES.items():
            value, everybody = row[figure], ranked[figure]
            if value is None:
                continue
            if len(everybody) == 1:
                points.append(100)
                continue
            below, upto = bisect_left(everybody, value), bisect_right(everybody, value)
            worse = below if more_is_better else len(everybody) - upto
            points.append(100 * (worse + (upto - below - 1) / 2) / (len(everybody) - 1))
        return sum(points) / len(points)
