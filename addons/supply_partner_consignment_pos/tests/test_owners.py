from .common import ConsignmentPosCase


class TestTillOwners(ConsignmentPosCase):
    """What the till sells and takes back, by owner."""

    def stored(self, product=None):
        return self.stock_of(False, product), self.stock_of(self.vendor, product)

    def test_own_stock_is_sold_first_and_comes_back_first(self):
        self.put_own(3)
        self.bring(5)
        order = self.sell_at_the_till(5)
        self.assertEqual(self.stored(), (0, 3))
        self.refund(order, 4)
        self.assertEqual(self.stored(), (3, 4))
        self.refund(order, 1)
        self.assertEqual(self.stored(), (3, 5), "What came back does not come back again.")
        self.assertEqual(self.value(), 30)
        self.assertEqual(self.book(), {"receipt": 5, "sale": -2, "customer_return": 2})

    def test_a_refund_has_the_price_of_the_sale(self):
        self.bring(5)
        order = self.sell_at_the_till(2)
        self.book()
        self.screws.sudo().seller_ids.price = 9
        self.refund(order, 1)
        self.book()
        back = self.ledger.search(
            [("company_id", "=", self.company.id), ("reason", "=", "customer_return")]
        )
        self.assertEqual((back.quantity, back.unit_price), (1, 2))

    def test_a_lot_is_sold_from_own_stock_first(self):
        serum = self.make_product("Serum", self.vendor)
        self.consign((serum, 5, 10))
        serum.sudo().write(
            {"tracking": "lot", "available_in_pos": True, "categ_id": self.category.id}
        )
        lot = self.admin["stock.lot"].create({"name": "A", "product_id": serum.id})
        self.done(3, self.suppliers, self.stock, owner=False, product=serum, lot=lot)
        self.bring(5, serum, lot)
        order = self.sell_at_the_till(4, lot, serum)
        self.assertEqual(self.stored(serum), (0, 4))
        self.refund(order, 4)
        self.assertEqual(self.stored(serum), (3, 5))

    def test_when_stock_is_taken_at_closing(self):
        self.company.sudo().point_of_sale_update_stock_quantities = "closing"
        self.shop.current_session_id.update_stock_at_closing = True
        self.put_own(3)
        self.bring(5)
        order = self.sell_at_the_till(5)
        self.refund(order, 4)
        self.close()
        self.assertEqual(self.stored(), (3, 4))

    def close(self):
        session = self.shop.current_session_id
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        return session

    def test_the_session_posts_the_cost_of_own_units(self):
        self.company.sudo().inventory_valuation = "real_time"
        self.put_own(3)
        self.bring(5)
        self.sell_at_the_till(5)
        session = self.close()
        account = self.screws.sudo().with_company(self.company)._get_product_accounts()
        lines = session.move_id.line_ids.filtered(
            lambda line: line.account_id == account["stock_valuation"]
        )
        self.assertEqual(sum(lines.mapped("balance")), -30)

    def test_without_consignment_odoo_decides(self):
        product = self.make_product("Paper")
        product.sudo().write({"available_in_pos": True, "categ_id": self.category.id})
        guest = self.make_vendor("Guest")
        self.done(3, self.suppliers, self.stock, owner=guest, product=product)
        order = self.sell_at_the_till(2, product=product)
        self.refund(order, 1)
        self.assertEqual(self.stock_of(guest, product), 2)
