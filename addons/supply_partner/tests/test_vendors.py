from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import VmiCase


class TestVendors(VmiCase):
    """The menu of vendors begins with those who have agreements, with their figures."""

    def action(self):
        return self.env["ir.actions.act_window"]._for_xml_id("supply_partner.vendor_action")

    def test_the_figures_of_a_vendor(self):
        nuts = self.make_product("Nuts", self.vendor, price=3)
        agreement = self.make_agreement((self.screws, 60, 120), (nuts, 5, 10))
        self.put(nuts, 7)
        proposal = agreement.review()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        self.assertEqual(self.vendor.vmi_open_value, 0, "not ordered before it is confirmed")
        order.button_confirm()
        self.receive(order, quantity=50)
        agreement.line_ids._measure()
        self.vendor.invalidate_recordset()
        self.assertEqual(self.vendor.vmi_running_count, 1)
        self.assertEqual(self.vendor.vmi_line_count, 2)
        self.assertEqual(self.vendor.vmi_out_count, 0)
        self.assertEqual(self.vendor.vmi_open_value, 140)
        self.assertEqual(self.vendor.vmi_next_review_date, agreement.next_review_date)
        self.put(self.screws, -50)
        agreement.line_ids._measure()
        self.vendor.invalidate_recordset()
        self.assertEqual(self.vendor.vmi_out_count, 1)
        # What will not come is not on order.
        order.sudo().picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.vendor.invalidate_recordset()
        self.assertEqual(self.vendor.vmi_open_value, 0)

    def test_another_currency_is_converted(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        dollar.rate_ids = [
            Command.create({"rate": 2, "company_id": self.company.id, "name": "2020-01-01"})
        ]
        other = self.make_vendor("Abroad", property_purchase_currency_id=dollar.id)
        bolts = self.make_product("Bolts", other, price=4, currency_id=dollar.id)
        agreement = self.make_agreement((bolts, 10, 10), partner_id=other.id)
        proposal = agreement.review()
        proposal.action_approve()
        proposal.purchase_order_ids.button_confirm()
        self.assertEqual(proposal.purchase_order_ids.currency_id, dollar)
        self.assertEqual(other.vmi_currency_id, self.company.currency_id)
        self.assertEqual(other.vmi_open_value, 20)

    def test_other_companies_and_other_roles(self):
        self.make_agreement((self.screws, 60, 120))
        there = self.make_company("Elsewhere")
        elsewhere = self.vendor.with_user(1).with_context(allowed_company_ids=there.ids)
        self.assertEqual((elsewhere.vmi_running_count, elsewhere.vmi_line_count), (0, 0))
        employee = new_test_user(
            self.env(su=True, user=1), "vendor_employee", "base.group_user",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        with self.assertRaises(AccessError):
            self.vendor.with_user(employee).read(["vmi_open_value"])

    def test_the_list_of_eighty_vendors_takes_few_queries(self):
        vendors = self.vendor.browse()
        for number in range(80):
            vendors += self.make_vendor(f"Vendor {number}")
        soon = self.company._vmi_today() + timedelta(days=1)
        for vendor in vendors:
            self.make_agreement(
                (self.screws, 1, 2), partner_id=vendor.id, start=False, date_start=soon
            )
        names = [
            "display_name", "vmi_running_count", "vmi_line_count", "vmi_out_count",
            "vmi_open_value", "vmi_currency_id", "vmi_next_review_date",
        ]  # fmt: skip
        names += [name for name in ("vmi_fill_rate", "vmi_otif_rate") if name in vendors._fields]
        self.env.flush_all()
        for _warm in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = vendors.web_search_read(
                [*self.domain(), ("id", "in", vendors.ids)],
                {name: {} for name in names},
                limit=80,
            )["records"]
            queries = self.env.cr.sql_log_count - before
        self.assertEqual(len(rows), 80)
        self.assertLessEqual(queries, 20)

    def domain(self):
        """Return the domain of the menu with its default filter."""
        action = self.action()
        self.assertIn("'search_default_with_agreement': 1", action["context"])
        return [("vmi_agreement_ids", "!=", False)]
