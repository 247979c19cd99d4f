from odoo.fields import Command, Date
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TieringCase(TransactionCase):
    """A company of its own with the default policy, and orders made in one line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.make_company("Northwind")
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
                "tracking_disable": True,
            }
        )
        cls.company = cls.company.with_env(cls.env)
        cls.policy = cls.policy_of(cls.company)
        cls.vip, cls.important, cls.ordinary, cls.potential = cls.policy._get_tiers()
        # Round thresholds, whatever suits real customers best.
        cls.important.min_score = 60
        cls.product = cls.env["product.product"].create(
            {"name": "Advice", "type": "service", "list_price": 1, "taxes_id": [Command.clear()]}
        )

    @classmethod
    def make_company(cls, name, currency="EUR", timezone="UTC", parent=None):
        currency = (
            cls.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", currency)])
        )
        currency.active = True
        vals = {"name": name}
        vals.update({"parent_id": parent.id} if parent else {"currency_id": currency.id})
        company = cls.env["res.company"].create(vals)
        cls.env.user.company_ids |= company
        if not parent:
            company.resource_calendar_id.tz = timezone
        return company

    @classmethod
    def policy_of(cls, company):
        return cls.env["customer.tier.policy"].search([("company_id", "=", company.id)])

    @classmethod
    def make_customer(cls, name, **vals):
        return cls.env["res.partner"].create({"name": name, "is_company": True, **vals})

    @classmethod
    def make_member(cls, login, *groups):
        """Return a user of the company alone."""
        return new_test_user(
            cls.env,
            login,
            ",".join(groups),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def make_currency(cls, name, **rates):
        """Return a currency with rates per unit of the company's own, by day (``d20260101=2``)."""
        currency = (
            cls.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
        )
        currency.active = True
        for day, rate in rates.items():
            cls.env["res.currency.rate"].create(
                {
                    "name": f"{day[1:5]}-{day[5:7]}-{day[7:]}",
                    "rate": rate,
                    "currency_id": currency.id,
                    "company_id": cls.company.id,
                }
            )
        return currency

    @classmethod
    def make_pricelist(cls, currency):
        return cls.env["product.pricelist"].create(
            {"name": currency.name, "currency_id": currency.id, "company_id": cls.company.id}
        )

    @classmethod
    def make_order(cls, partner, amount, moment, company=None, pricelist=None, confirm=True):
        """Return a sale order of one untaxed line, confirmed at ``moment`` (UTC)."""
        company = company or cls.company
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        moment = moment if ":" in moment else f"{moment} 12:00:00"
        vals = {
            "partner_id": partner.id,
            "company_id": company.id,
            "date_order": moment,
            "order_line": [
                Command.create(
                    {
                        "product_id": cls.product.id,
                        "product_uom_qty": 1,
                        "price_unit": amount,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
        if pricelist:
            vals["pricelist_id"] = pricelist.id
        order = env["sale.order"].create(vals)
        if confirm:
            order.action_confirm()
            # Confirming sets the date to now.
            order.date_order = moment
        return order

    @classmethod
    def judge_by_revenue(cls, policy=None, cap=100, **vals):
        """Let revenue alone decide: the score is the revenue of the period, up to ``cap``."""
        policy = policy or cls.policy
        policy.criterion_ids = [
            Command.clear(),
            Command.create(
                {"metric": "revenue", "weight": 1, "scale": "linear", "floor": 0, "cap": cap}
            ),
        ]
        policy.write(vals)

    def standing(self, partner, company=None):
        return self.env["customer.standing"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def changes(self, partner):
        """Return the partner's moves as (date, from, to, reason), oldest first."""
        return [
            (
                Date.to_string(change.date),
                change.old_tier_id.code,
                change.new_tier_id.code,
                change.reason,
            )
            for change in self.env["customer.standing.change"].search(
                [("partner_id", "=", partner.id)], order="date, id"
            )
        ]


class InvoicingCase(TieringCase):
    """A company with a chart of accounts, and invoices and payments made in one line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        euro = cls.company.currency_id
        cls.env["account.chart.template"].try_loading("generic_coa", cls.company)
        # The generic chart comes with the dollar.
        cls.company.currency_id = euro
        cls.acme = cls.make_customer("Acme")

    def invoice(
        self, amount, day, move_type="out_invoice", partner=None, due=None, post=True, **vals
    ):
        """Return a posted invoice of one untaxed line."""
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or self.acme).id,
                "invoice_date": day,
                "invoice_date_due": due or day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )
        if post:
            move.action_post()
        return move

    def pay(self, invoice, amount, day, write_off=False):
        """Pay so much of an invoice.

        :param write_off: give up the rest
        """
        vals = {"payment_date": day, "amount": amount}
        if write_off:
            vals |= {
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": self.get_bad_debts().id,
            }
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(vals)._create_payments()

    def write_off(self, invoice, amount, day, account=None):
        """Settle so much of an invoice by an entry on an account, of bad debts by default."""
        due = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "journal_id": self.env["account.journal"]
                .search([("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1)
                .id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": (account or self.get_bad_debts()).id,
                            "partner_id": due.partner_id.id,
                            "debit": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": due.account_id.id,
                            "partner_id": due.partner_id.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (due | entry.line_ids.filtered(lambda line: line.account_id == due.account_id)).reconcile()

    def get_bad_debts(self):
        return self.env["account.account"].search(
            [
                ("account_type", "=", "expense"),
                ("company_ids", "=", self.company.id),
                ("id", "!=", self.company.account_journal_early_pay_discount_loss_account_id.id),
            ],
            limit=1,
        )
