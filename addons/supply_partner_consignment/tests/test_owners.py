from datetime import timedelta

from odoo import fields

from .common import ConsignmentCase


class TestOwners(ConsignmentCase):
    """Whose stock is used, counted and scrapped when nobody says whose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.consign()

    def test_own_stock_is_used_first_whatever_is_older(self):
        self.bring(5, days=9)
        self.put_own(3)
        self.sell(4)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (0, 4))

    def test_the_company_may_use_the_vendor_s_first(self):
        self.company.sudo().vmi_reservation_order = "vendor"
        self.put_own(3)
        self.bring(5)
        self.sell(4)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (3, 1))

    def test_an_agreement_may_say_otherwise(self):
        self.agreement.reservation_order = "vendor"
        self.put_own(3)
        self.bring(5)
        self.sell(6)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (2, 0))

    def test_within_an_owner_s_stock_the_removal_strategy_decides(self):
        self.screws.sudo().tracking = "lot"
        lots = self.admin["stock.lot"].create(
            [{"name": name, "product_id": self.screws.id} for name in ("old", "new")]
        )
        for lot in lots:
            self.bring(5, lot=lot)
        quants = self.admin["stock.quant"].search([("lot_id", "in", lots.ids)])
        for quant in quants.filtered(lambda quant: quant.location_id == self.stock):
            age = 9 if quant.lot_id.name == "old" else 1
            quant.in_date = fields.Datetime.now() - timedelta(days=age)
        self.done(2, self.suppliers, self.stock, owner=False, lot=lots[1])
        move = self.sell(4)
        taken = [(line.owner_id.name, line.lot_id.name) for line in move.move_line_ids]
        self.assertEqual(sorted(taken, key=str), [("Acme Fasteners", "old"), (False, "new")])

    def test_goods_that_others_only_store_here_are_used_last(self):
        self.agreement.reservation_order = "vendor"
        guest = self.make_vendor("Guest")
        self.done(5, self.suppliers, self.stock, owner=guest)
        self.put_own(2)
        self.bring(2)
        self.sell(4)
        self.assertEqual(self.stock_of(guest), 5)

    def test_without_consignment_odoo_decides(self):
        product = self.make_product("Guest's", self.vendor)
        guest = self.make_vendor("Guest")
        self.done(5, self.suppliers, self.stock, owner=guest, product=product)
        quants = self.admin["stock.quant"]
        found = quants._gather(product, self.stock)
        self.assertEqual(found.owner_id, guest)
        self.assertIsNone(quants._divide_by_owner(product.sudo(), self.stock, 2))

    def count(self, quantity, product=None, **vals):
        quant = (
            self.admin["stock.quant"]
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": (product or self.screws).id,
                    "location_id": self.stock.id,
                    "inventory_quantity": quantity,
                    **vals,
                }
            )
        )
        quant.action_apply_inventory()

    def test_a_count_without_owner_is_about_the_vendor_s_where_nothing_else_is(self):
        self.bring(5)
        self.count(4)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (0, 4))
        self.assertEqual(self.value(), 0)
        self.assertEqual(self.book(), {"receipt": 5, "count": -1})

    def test_what_is_found_on_an_empty_shelf_is_the_vendor_s_who_fills_it(self):
        self.count(3)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (0, 3))

    def test_a_count_without_owner_is_about_own_stock_where_there_is_some(self):
        self.put_own(3)
        self.bring(5)
        self.count(2)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (2, 5))

    def test_a_count_with_an_owner_is_taken_as_it_is(self):
        self.put_own(3)
        self.bring(5)
        self.count(6, owner_id=self.vendor.id)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (3, 6))

    def test_what_is_typed_on_the_product_is_all_that_is_there(self):
        self.bring(5)
        screws = self.screws.with_user(1).with_company(self.company)
        screws.qty_available = 4
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (0, 4))
        self.put_own(3)
        screws.invalidate_recordset()
        screws.qty_available = 9
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (5, 4))

    def test_a_count_of_what_no_vendor_consigns_stays_own(self):
        product, other = self.make_product("Paper"), self.make_vendor("Third")
        self.consign((self.make_product("Nails", other), 1, 2), partner_id=other.id)
        self.count(7, product=product)
        self.assertEqual(self.stock_of(False, product), 7)

    def scrap(self, quantity, **vals):
        scrap = self.admin["stock.scrap"].create(
            {
                "product_id": self.screws.id,
                "scrap_qty": quantity,
                "location_id": self.stock.id,
                "company_id": self.company.id,
                **vals,
            }
        )
        return scrap.action_validate()

    def test_scrap_is_taken_from_whoever_s_stock_is_there(self):
        self.put_own(2)
        self.bring(5)
        self.assertIs(self.scrap(4), True)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (0, 3))
        self.assertEqual(self.book()["scrap"], -2)

    def test_scrap_of_a_named_owner(self):
        self.put_own(2)
        self.bring(5)
        self.scrap(1, owner_id=self.vendor.id)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (2, 4))

    def test_more_scrap_than_there_is_asks_first(self):
        self.bring(2)
        self.assertEqual(self.scrap(3)["res_model"], "stock.warn.insufficient.qty.scrap")

    def test_what_was_overdrawn_was_the_vendor_s(self):
        self.bring(5)
        self.sell(7)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (-2, 0))
        order = self.order_of(self.agreement)
        self.receive(order)
        brought = order.order_line.qty_received
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (0, brought - 2))
        self.assertEqual(self.book(), {"receipt": brought + 5, "sale": -7})

    def test_owners_are_shown_once_something_is_consigned(self):
        self.assertTrue(self.buyer.has_group("stock.group_tracking_owner"))

    def test_another_add_on_that_rules_owners_is_named(self):
        other = self.admin["ir.module.module"].create(
            {"name": "stock_owner_restriction", "state": "installed"}
        )
        self.assertEqual(other.state, "installed")
        # As an installation does.
        self.registry.clear_cache("stable")
        draft = self.make_agreement(
            (self.make_product("Nails", self.vendor), 1, 2), start=False, ownership="consigned"
        )
        self.assertIn("stock_owner_restriction", "".join(draft._get_problems()))
