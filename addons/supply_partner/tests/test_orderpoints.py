from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..hooks import uninstall_hook
from .common import VmiCase


class TestOrderpoints(VmiCase):
    """Whatever Odoo does by itself, the agreement's rules stand and nothing is ordered past it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.make_agreement((cls.screws, 60, 120))
        cls.point = cls.agreement.line_ids.orderpoint_id.sudo().with_user(1)

    def ordered(self):
        return self.env["purchase.order.line"].search([("product_id", "=", self.screws.id)])

    def test_opening_replenishment_and_cleaning_up_leave_it(self):
        # Even where Odoo's own user made it, and nothing is to be ordered.
        self.put(self.screws, 500)
        self.env.cr.execute(
            "UPDATE stock_warehouse_orderpoint SET create_uid = 1 WHERE id = %s", (self.point.id,)
        )
        self.env.invalidate_all()
        self.env["stock.warehouse.orderpoint"].with_user(1).action_open_orderpoints()
        self.env["stock.warehouse.orderpoint"].with_user(1)._unlink_processed_orderpoints()
        self.assertTrue(self.point.exists())

    def test_odoo_s_own_are_still_cleaned_up(self):
        nails = self.make_product("Nails", self.vendor)
        other = self.env["stock.warehouse.orderpoint"].with_user(1).create(
            {"product_id": nails.id, "location_id": self.stock.id, "trigger": "manual"}
        )  # fmt: skip
        self.env["stock.warehouse.orderpoint"].with_user(1)._unlink_processed_orderpoints()
        self.assertFalse(other.exists())
        self.assertTrue(self.point.exists())

    def test_the_scheduler_orders_nothing(self):
        self.env["stock.rule"].with_user(1).run_scheduler(company_id=self.company.id)
        self.assertFalse(self.ordered())

    def test_a_confirmed_delivery_orders_nothing(self):
        move = self.move(self.screws, 30, self.stock, self.customers, days=0)
        move._action_confirm()
        move._trigger_scheduler()
        self.assertFalse(self.ordered())

    def test_a_confirmed_sale_orders_nothing(self):
        if "sale.order" not in self.env or "sale.order" not in self.env.registry:
            self.skipTest("The Sales app is not installed.")
        order = self.env["sale.order"].sudo().create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": self.screws.id, "product_uom_qty": 30})
                ],
            }
        )  # fmt: skip
        order.action_confirm()
        self.assertFalse(self.ordered())
        self.agreement.line_ids._measure()
        self.assertTrue(self.point.exists())

    def test_the_buttons_of_replenishment_are_closed(self):
        for button in (self.point.action_replenish, self.point.action_replenish_auto):
            with self.assertRaisesRegex(UserError, f"{self.agreement.name}, which alone"):
                button()
        self.point._procure_orderpoint_confirm(company_id=self.company)
        self.assertFalse(self.ordered())

    def test_it_cannot_be_changed_or_deleted_behind_the_agreement(self):
        for change in (
            lambda: self.point.write({"trigger": "auto"}),
            lambda: self.point.write({"active": False}),
            lambda: self.point.unlink(),
        ):
            with self.assertRaisesRegex(UserError, self.agreement.name):
                change()
        self.assertEqual(self.point.trigger, "manual")

    def test_a_rule_above_or_below_the_place_is_refused(self):
        shelf = self.env["stock.location"].sudo().create(
            {"name": "Shelf", "location_id": self.stock.id}
        )  # fmt: skip
        with self.assertRaisesRegex(ValidationError, "so no reordering rule is possible"):
            self.env["stock.warehouse.orderpoint"].with_user(1).create(
                {"product_id": self.screws.id, "location_id": shelf.id, "trigger": "auto"}
            )

    def test_replenishment_makes_no_second_rule_around_a_shelf(self):
        shelf = self.env["stock.location"].sudo().create(
            {"name": "Shelf", "location_id": self.stock.id}
        )  # fmt: skip
        bolts = self.make_product("Bolts", self.vendor)
        self.make_agreement((bolts, 5, 10), location_id=shelf.id)
        self.move(bolts, 30, self.stock, self.customers, days=0)
        self.env.flush_all()
        self.env["stock.warehouse.orderpoint"].with_user(1).action_open_orderpoints()
        points = self.env["stock.warehouse.orderpoint"].sudo().search(
            [("product_id", "=", bolts.id)]
        )  # fmt: skip
        self.assertEqual(points.location_id, shelf.with_env(points.env))

    def test_rules_are_found_by_the_name_of_their_agreement(self):
        agreement = self.agreement
        points = self.env["stock.warehouse.orderpoint"]
        found = points.search([("vmi_agreement_id", "ilike", agreement.name)])
        self.assertEqual(found, agreement.line_ids.orderpoint_id)
        others = points.search([("vmi_agreement_id", "not ilike", agreement.name)])
        self.assertNotIn(found, others)

    def make_rule(self, product, **vals):
        """Return a manual rule of the company's own, of 3 to 4."""
        return (
            self.env["stock.warehouse.orderpoint"]
            .with_user(1)
            .create(
                {
                    "product_id": product.id,
                    "location_id": self.stock.id,
                    "company_id": self.company.id,
                    "product_min_qty": 3,
                    "product_max_qty": 4,
                    "trigger": "manual",
                    **vals,
                }
            )
        )

    def held(self, rule):
        rule.invalidate_recordset()
        names = ("trigger", "active", "route_id", "supplier_id", "replenishment_uom_id")
        return [rule[name] for name in (*names, "product_min_qty", "product_max_qty")]

    def test_a_rule_that_was_taken_over_is_given_back_as_it_was(self):
        other = self.make_vendor("Other")
        dozen = self.env.ref("uom.product_uom_dozen")
        rules = []
        for name, vals in (
            ("Plain", {}),
            ("Archived", {"active": False, "trigger": "auto"}),
            ("Of Another Vendor", {"replenishment_uom_id": dozen.id}),
        ):
            product = self.make_product(name, self.vendor)
            if "Vendor" in name:
                vals["supplier_id"] = self.add_seller(product, other).id
            rules.append(self.make_rule(product, **vals))
        before = [self.held(rule) for rule in rules]
        agreement = self.make_agreement(*((rule.product_id, 50, 100) for rule in rules))
        for rule in rules:
            held = self.held(rule)
            self.assertEqual([*held[:2], *held[5:]], ["manual", True, 50, 100])
            self.assertEqual(rule.supplier_id.partner_id, self.vendor)
        agreement.action_suspend()
        agreement.action_resume()
        agreement.review()
        agreement.action_close()
        self.assertEqual([self.held(rule) for rule in rules], before)

    def test_a_line_taken_off_gives_its_rule_back_and_what_is_gone_stays_gone(self):
        bolts = self.make_product("Bolts", self.vendor)
        row = self.add_seller(bolts, self.make_vendor("Other"))
        rule = self.make_rule(bolts, supplier_id=row.id)
        self.agreement.line_ids = [
            Command.create({"product_id": bolts.id, "min_qty": 50, "max_qty": 100})
        ]
        line = self.agreement.line_ids.filtered(lambda line: line.product_id == bolts)
        self.assertEqual(self.held(rule)[5:], [50, 100])
        row.unlink()
        line.unlink()
        self.assertEqual(self.held(rule)[5:], [3, 4])
        self.assertFalse(rule.supplier_id)
        rule.trigger = "auto"

    def test_uninstalling_gives_them_back(self):
        rule = self.make_rule(self.make_product("Bolts", self.vendor))
        self.make_agreement((rule.product_id, 50, 100))
        uninstall_hook(self.env(user=1))
        self.assertEqual(self.held(rule)[5:], [3, 4])

    def test_what_is_given_back_is_nobody_s_to_write(self):
        with self.assertRaises(AccessError):
            self.agreement.line_ids.orderpoint_before = {"trigger": "auto"}
