from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from ..engine.history import recall_orders
from .common import InvoicingCase


class TestMadeFor(InvoicingCase):
    """A document counts for the customer it was made for, wherever its contact goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.bolt = cls.make_customer("Bolt")
        cls.anna = cls.env["res.partner"].create({"name": "Anna", "parent_id": cls.acme.id})

    def revenues(self, *partners):
        self.policy.evaluate("2026-06-30")
        return [self.standing(partner).revenue for partner in partners]

    def test_a_contact_who_changes_employer_takes_no_turnover_along(self):
        for month in range(1, 6):
            self.make_order(self.anna, 10, f"2026-0{month}-10")
        self.assertEqual(self.revenues(self.acme, self.bolt), [50, 0])
        self.anna.parent_id = self.bolt
        self.make_order(self.anna, 7, "2026-06-10")
        self.assertEqual(self.revenues(self.acme, self.bolt), [50, 7])
        self.assertEqual(self.standing(self.bolt).tier_id, self.potential)

    def test_invoices_say_the_same(self):
        self.policy.amount_basis = "invoiced"
        private = self.env["res.partner"].create({"name": "Petra"})
        self.invoice(20, "2026-04-01", partner=private)
        private.parent_id = self.acme
        self.invoice(50, "2026-05-01", partner=private)
        self.assertEqual(self.revenues(self.acme), [70], "a customer becomes a contact")
        private.parent_id = self.bolt
        self.invoice(7, "2026-06-01", partner=private)
        self.assertEqual(self.revenues(self.acme, self.bolt), [70, 7])

    def test_what_is_credited_later_is_taken_off_whom_it_was_invoiced_to(self):
        invoice = self.invoice(50, "2026-05-01", partner=self.anna)
        self.anna.parent_id = self.bolt
        note = invoice._reverse_moves([{"invoice_date": "2026-05-03", "date": "2026-05-03"}])
        note.action_post()
        self.judge_by_revenue(amount_basis="invoiced")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 0)
        self.assertFalse(self.standing(self.bolt).revenue)

    def test_orders_of_a_person_who_became_a_contact_stay_with_the_company(self):
        private = self.env["res.partner"].create({"name": "Petra"})
        self.make_order(private, 20, "2026-04-01")
        private.parent_id = self.acme
        self.make_order(private, 50, "2026-05-01")
        self.assertEqual(self.revenues(self.acme), [70])
        private.parent_id = self.bolt
        self.assertEqual(self.revenues(self.acme, self.bolt), [70, 0])
        private.parent_id = False
        self.make_order(private, 9, "2026-06-01")
        self.assertEqual(self.revenues(self.acme, self.bolt, private), [70, 0, 9])

    def test_a_subsidiary_that_changes_hands_leaves_what_its_contacts_ordered(self):
        site = self.env["res.partner"].create({"name": "Site", "parent_id": self.acme.id})
        clerk = self.env["res.partner"].create({"name": "Clerk", "parent_id": site.id})
        self.make_order(clerk, 30, "2026-05-01")
        site.parent_id = self.bolt
        self.assertEqual(clerk.commercial_partner_id, self.bolt)
        self.assertEqual(self.revenues(self.acme, self.bolt), [30, 0])

    def test_a_customer_who_becomes_a_contact_takes_all_along(self):
        self.make_order(self.anna, 30, "2026-05-01")
        self.anna.parent_id = self.bolt
        self.acme.write({"is_company": False, "parent_id": self.bolt.id})
        self.assertEqual(self.revenues(self.bolt), [30])
        other = self.make_customer("Other")
        self.acme.parent_id = other
        self.assertEqual(self.revenues(self.bolt, other), [30, 0])

    def test_merging_a_contact_with_one_of_another_customer(self):
        self.make_order(self.anna, 30, "2026-05-01")
        anna = self.env["res.partner"].create({"name": "Anna", "parent_id": self.bolt.id})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.anna | anna).ids, anna, extra_checks=False)
        self.assertFalse(self.anna.exists())
        self.assertEqual(self.revenues(self.acme, self.bolt), [30, 0])
        # And what was made for a customer goes with the customer.
        wizard._merge((self.acme | self.bolt).ids, self.bolt, extra_checks=False)
        self.assertEqual(self.revenues(self.bolt), [30])

    def test_another_customer_on_the_order_is_whom_it_is_made_for(self):
        order = self.make_order(self.anna, 30, "2026-05-01", confirm=False)
        self.anna.parent_id = self.bolt
        self.assertEqual(order._get_customer(), self.acme)
        order.partner_id = self.bolt
        self.assertEqual(order._get_customer(), self.bolt)

    def test_whoever_writes_an_order_may_give_it_another_customer(self):
        order = self.make_order(self.anna, 30, "2026-05-01", confirm=False)
        self.anna.parent_id = self.bolt
        seller = self.make_member("made_for_seller", "sales_team.group_sale_salesman_all_leads")
        order = order.with_user(seller)
        order.partner_id = self.anna
        self.assertEqual(order._get_customer(), self.acme)
        order.partner_id = self.bolt
        self.assertFalse(order.made_for_id)
        with self.assertRaises(AccessError):
            order.made_for_id = self.acme

    def test_the_order_notes_the_tier_of_whom_it_was_made_for(self):
        self.make_order(self.acme, 90, "2026-05-01")
        self.policy.evaluate("2026-05-02")
        order = self.make_order(self.anna, 30, "2026-05-01", confirm=False)
        self.anna.parent_id = self.bolt
        order.action_confirm()
        self.assertEqual(order.customer_tier_id, self.vip)

    def test_what_was_paid_late_and_is_open_stays_too(self):
        invoice = self.invoice(100, "2026-05-01", due="2026-05-31", partner=self.anna)
        self.invoice(40, "2026-05-01", due="2026-05-31", partner=self.anna)
        self.pay(invoice, 100, "2026-06-10")
        self.anna.parent_id = self.bolt
        self.make_order(self.bolt, 1, "2026-06-01")
        self.policy.criterion_ids = [
            Command.clear(),
            *(
                Command.create({"metric": metric, "scale": "linear", "floor": 0, "cap": 1})
                for metric in ("payment_delay_days", "overdue_ratio")
            ),
        ]
        self.policy.evaluate("2026-06-30")
        figures = [
            [part["figure"] for part in self.standing(partner).components]
            for partner in (self.acme, self.bolt)
        ]
        self.assertEqual(figures, [[10, 1], [None, 0]])

    def test_the_previews_cost_goes_by_the_same_orders(self):
        self.make_order(self.anna, 60, "2026-05-01")
        self.anna.parent_id = self.bolt
        self.vip.discount = 0.1
        self.policy.evaluate("2026-06-30")
        self.judge_by_revenue(cap=60)
        preview = self.policy.simulate("2026-06-30")
        preview.action_estimate_cost()
        self.assertTrue(preview.extra_discount)

    def test_orders_from_before_are_recalled(self):
        orders = self.make_order(self.anna, 30, "2026-05-01")
        orders |= self.make_order(self.acme, 30, "2026-05-01")
        self.anna.parent_id = self.bolt
        orders |= self.make_order(self.anna, 30, "2026-06-01")
        # Invoiced to the company, not in the name of the contact.
        orders[0].partner_invoice_id = self.acme
        orders.made_for_id = False
        self.env.flush_all()
        recall_orders(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual(
            [order._get_customer() for order in orders], [self.acme, self.acme, self.bolt]
        )

    def test_a_salesperson_cancels_and_changes_orders_and_mends_a_wrong_mark(self):
        seller = new_test_user(
            self.env, "made_for_seller", "sales_team.group_sale_salesman_all_leads"
        )
        order = self.make_order(self.anna, 30, "2026-05-01")
        cancelled = self.make_order(self.anna, 30, "2026-05-01")
        self.anna.parent_id = self.bolt
        self.assertEqual(order._get_customer(), self.acme)
        cancelled.with_user(seller)._action_cancel()
        self.assertTrue(cancelled.was_confirmed)
        order.with_user(seller).action_count_for_contact()
        self.assertEqual(order._get_customer(), self.bolt)
        quotation = self.env["sale.order"].create({"partner_id": self.anna.id})
        self.anna.parent_id = self.acme
        self.assertEqual(quotation._get_customer(), self.bolt)
        quotation.with_user(seller).partner_id = self.acme
        self.assertEqual(quotation._get_customer(), self.acme)
