from datetime import date

from odoo.fields import Command, Domain
from odoo.tools import SQL

from .common import InvoicingCase, TieringCase


class WhatCountsCase:
    """Replaces one of the policy's methods, as another add-on does by overriding it alone."""

    def override(self, name, extend):
        """Have a method return what ``extend`` makes of its result."""
        policies = self.registry["customer.tier.policy"]
        original = getattr(policies, name)
        self.patch(policies, name, lambda policy, *args: extend(original(policy, *args)))

    def judge_by(self, *metrics, **vals):
        self.policy.criterion_ids = [
            Command.clear(),
            *(Command.create({"metric": metric}) for metric in metrics),
        ]
        self.policy.write(vals)

    def figures(self, partner=None):
        """Evaluate and return the customer's figures, by metric."""
        self.policy.evaluate("2026-06-30")
        standing = self.standing(partner or self.acme)
        return {part["metric"]: part["figure"] for part in standing.components or ()}


class TestWhichOrdersCount(WhatCountsCase, TieringCase):
    """Which orders, quotations and customers count is told by a method each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme, cls.bolt = cls.make_customer("Acme"), cls.make_customer("Bolt")
        cls.make_order(cls.acme, 100, "2026-06-01")
        cls.sample = cls.make_order(cls.acme, 50, "2026-06-10")
        cls.sample.origin = "Sample"
        cls.make_order(cls.bolt, 10, "2026-06-01")

    def test_orders_that_an_add_on_leaves_out(self):
        self.judge_by("revenue", "order_count", "recency_days")
        self.assertEqual(self.figures(), {"revenue": 150, "order_count": 2, "recency_days": 20})
        self.override(
            "_get_order_condition",
            lambda counts: SQL("(%s) AND sale_order.origin IS DISTINCT FROM 'Sample'", counts),
        )
        self.assertEqual(self.figures(), {"revenue": 100, "order_count": 1, "recency_days": 29})

    def test_orders_that_an_add_on_counts_as_well(self):
        offer = self.make_order(self.acme, 7, "2026-06-20", confirm=False)
        offer.action_quotation_sent()
        self.judge_by("revenue", "order_count")
        self.assertEqual(self.figures(), {"revenue": 150, "order_count": 2})
        self.override(
            "_get_order_condition",
            lambda counts: SQL("(%s) OR sale_order.state = 'sent'", counts),
        )
        self.assertEqual(self.figures(), {"revenue": 157, "order_count": 3})

    def test_a_customer_whose_only_orders_do_not_count_is_none(self):
        self.override(
            "_get_order_condition",
            lambda counts: SQL("(%s) AND sale_order.amount_untaxed >= 50", counts),
        )
        self.policy.evaluate("2026-06-30")
        self.assertTrue(self.standing(self.acme))
        self.assertFalse(self.standing(self.bolt))

    def test_quotations(self):
        refused = self.make_order(self.acme, 7, "2026-06-20", confirm=False)
        refused.action_quotation_sent()
        refused._action_cancel()
        refused.origin = "Tender"
        self.judge_by("quote_acceptance")
        self.assertAlmostEqual(self.figures()["quote_acceptance"], 2 / 3)
        self.override(
            "_get_quotation_condition",
            lambda counts: SQL("(%s) AND sale_order.origin IS DISTINCT FROM 'Tender'", counts),
        )
        self.assertEqual(self.figures()["quote_acceptance"], 1)

    def test_prospects(self):
        crane = self.make_customer("Crane")
        self.make_order(crane, 5, "2026-06-20", confirm=False).action_quotation_sent()
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(crane).lifecycle, "prospect")
        self.override("_get_quotation_condition", lambda counts: SQL("FALSE"))
        self.policy.evaluate("2026-06-30")
        self.assertFalse(self.standing(crane).tier_id)

    def test_customers(self):
        self.override("_get_customer_domain", lambda domain: domain & Domain("name", "!=", "Bolt"))
        self.policy.evaluate("2026-06-30")
        self.assertTrue(self.standing(self.acme).tier_id)
        self.assertFalse(self.standing(self.bolt))

    def test_what_counts_is_asked_when_a_run_begins(self):
        with self.policy._prepare_run(date(2026, 6, 30)) as run:
            self.override("_get_order_condition", lambda counts: SQL("FALSE"))
            self.env.flush_all()
            run.compute()
            self.assertEqual(run.count(), 2)


class TestWhichInvoicesCount(WhatCountsCase, InvoicingCase):
    """Which invoices, payments and open items count is told by a method each."""

    def test_invoices(self):
        self.invoice(100, "2026-06-01")
        self.invoice(50, "2026-06-02", ref="Internal")
        self.judge_by("revenue", amount_basis="invoiced")
        self.assertEqual(self.figures(), {"revenue": 150})
        self.override(
            "_get_invoice_condition",
            lambda counts: SQL("(%s) AND account_move.ref IS DISTINCT FROM 'Internal'", counts),
        )
        self.assertEqual(self.figures(), {"revenue": 100})

    def test_draft_invoices_that_an_add_on_counts_as_well(self):
        self.invoice(100, "2026-06-01")
        self.invoice(50, "2026-06-02", post=False)
        self.judge_by("revenue", amount_basis="invoiced")
        self.assertEqual(self.figures(), {"revenue": 100})
        self.override(
            "_get_invoice_condition",
            lambda counts: SQL(
                "(%s) OR (account_move.state = 'draft' AND account_move.move_type = 'out_invoice')",
                counts,
            ),
        )
        self.assertEqual(self.figures(), {"revenue": 150})

    def test_payments(self):
        self.judge_by("payment_delay_days")
        self.pay(self.invoice(100, "2026-05-01"), 100, "2026-05-11")
        late = self.invoice(100, "2026-05-01", ref="Disputed")
        self.pay(late, 100, "2026-06-10")
        self.assertEqual(self.figures(), {"payment_delay_days": 25})
        self.override(
            "_get_payment_condition",
            lambda counts: SQL("(%s) AND payment.date < '2026-06-01'", counts),
        )
        self.assertEqual(self.figures(), {"payment_delay_days": 10})

    def test_receivables(self):
        self.judge_by("overdue_ratio")
        self.invoice(100, "2026-06-01", due="2026-07-31")
        self.invoice(100, "2026-05-01", due="2026-05-31", ref="Disputed")
        self.assertEqual(self.figures(), {"overdue_ratio": 0.5})
        self.override(
            "_get_receivable_condition",
            lambda counts: SQL("(%s) AND account_move.ref IS DISTINCT FROM 'Disputed'", counts),
        )
        self.assertEqual(self.figures(), {"overdue_ratio": 0})
