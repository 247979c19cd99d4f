from ast import literal_eval

from odoo.tests import TransactionCase, new_test_user


class TestMenu(TransactionCase):
    """The menu is there for who buys, and for nobody else."""

    def test_buyers_see_the_menu_and_salespeople_do_not(self):
        menu = self.env.ref("supply_partner.menu_root")
        for group, sees in (
            ("purchase.group_purchase_user", True),
            ("sales_team.group_sale_salesman", False),
        ):
            user = new_test_user(self.env, f"user of {group}", group)
            shown = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(menu.id in shown, sees, group)

    def test_it_lists_vendors_only(self):
        vendor = self.env["res.partner"].create({"name": "Vendor", "supplier_rank": 1})
        other = self.env["res.partner"].create({"name": "Nobody"})
        action = self.env["ir.actions.act_window"]._for_xml_id("supply_partner.vendor_action")
        agreed = self.env["res.partner"].create({"name": "Agreed", "supplier_rank": 0})
        self.env["vmi.agreement"].create({"partner_id": agreed.id})
        found = self.env["res.partner"].search(literal_eval(action["domain"]))
        self.assertIn(vendor, found)
        self.assertIn(agreed, found, "Whoever has an agreement is a vendor.")
        self.assertNotIn(other, found)
