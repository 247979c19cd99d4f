from odoo.addons.customer_tiering.tests.common import InvoicingCase
from odoo.fields import Command


class PosCase(InvoicingCase):
    """A shop with an open session, and point-of-sale orders made in one line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.product.available_in_pos = True
        cls.tax = cls.env["account.tax"].create(
            {"name": "25 %", "amount": 25, "company_id": cls.company.id}
        )
        cls.shop = cls.make_shop()

    @classmethod
    def make_shop(cls, company=None, currency=None):
        """Return a point of sale with cash payments and an open session."""
        company = company or cls.company
        if not company.chart_template:
            # A branch takes the chart of its root when the transaction ends.
            cls.env["account.chart.template"].try_loading(cls.company.chart_template, company)
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        name = currency.name if currency else company.name
        vals = {"name": name, "company_id": company.id}
        if currency:
            pricelist = cls.make_pricelist(currency)
            vals.update(
                journal_id=cls.make_journal(env, "general", f"Shop {name}", currency).id,
                invoice_journal_id=cls.make_journal(env, "sale", f"Invoices {name}", currency).id,
                use_pricelist=True,
                available_pricelist_ids=[Command.set(pricelist.ids)],
                pricelist_id=pricelist.id,
            )
        cash = cls.make_journal(env, "cash", f"Cash {name}", currency)
        method = env["pos.payment.method"].create({"name": cash.name, "journal_id": cash.id})
        vals["payment_method_ids"] = [Command.set(method.ids)]
        shop = env["pos.config"].create(vals)
        shop.open_ui()
        return shop

    @classmethod
    def make_journal(cls, env, kind, name, currency=None):
        return env["account.journal"].create(
            {
                "name": name,
                "type": kind,
                "code": "".join(word[:3] for word in name.split()),
                "currency_id": currency and currency.id,
            }
        )

    @classmethod
    def sell(cls, amount, moment, partner=None, shop=None, tax=None, qty=1, pay=True, lines=()):
        """Return a point-of-sale order of one product at ``moment`` (UTC), paid in cash.

        :param amount: untaxed price of one
        :param lines: values of further lines
        """
        shop = shop or cls.shop
        moment = moment if ":" in moment else f"{moment} 12:00:00"
        first = {"price_unit": amount, "qty": qty, "tax_ids": [Command.set(tax.ids if tax else [])]}
        order = shop.env["pos.order"].create(
            {
                "session_id": shop.current_session_id.id,
                "company_id": shop.company_id.id,
                "partner_id": (cls.acme if partner is None else partner).id,
                "pricelist_id": shop.pricelist_id.id,
                "date_order": moment,
                "amount_total": amount * qty,
                "amount_tax": 0,
                "amount_paid": 0,
                "amount_return": 0,
                "lines": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "qty": 1,
                            "price_subtotal": 0,
                            "price_subtotal_incl": 0,
                            "tax_ids": [Command.clear()],
                            **line,
                        }
                    )
                    for line in (first, *lines)
                ],
            }
        )
        order.lines._onchange_amount_line_all()
        order._compute_prices()
        if pay:
            cls.pay_order(order)
        return order

    @classmethod
    def pay_order(cls, order):
        moment = order.date_order
        order.add_payment(
            {
                "pos_order_id": order.id,
                "payment_method_id": order.config_id.payment_method_ids[:1].id,
                "amount": order.amount_total,
            }
        )
        order._process_saved_order(False)
        order.date_order = moment

    @classmethod
    def take_back(cls, order, moment):
        """Return the paid refund of a whole order."""
        refund = order._refund()
        refund.date_order = f"{moment} 12:00:00"
        cls.pay_order(refund)
        return refund

    @staticmethod
    def invoice_at_the_till(order, day):
        """Invoice a paid order, as if on that day."""
        order.action_pos_order_invoice()
        order.account_move.with_context(skip_readonly_check=True).invoice_date = day

    def evaluate(self):
        """Return Acme's standing as of the end of June."""
        self.policy.evaluate("2026-06-30")
        return self.standing(self.acme)

    def figure(self, metric):
        """Return the raw figure that a run stores for a metric, None where it is missing."""
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": metric, "scale": "linear", "floor": 0, "cap": 1}),
        ]
        return self.evaluate().components[0]["figure"]
