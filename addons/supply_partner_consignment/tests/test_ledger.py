from datetime import timedelta

from .common import ConsignmentCase


class TestLedger(ConsignmentCase):
    """What is entered of a vendor's stock, on which day and at which price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.consign(consigned_since=cls.company._vmi_today() - timedelta(days=60))

    def entries(self, **terms):
        domain = [("company_id", "=", self.company.id)]
        return self.ledger.search(
            domain + [(name, "=", value) for name, value in terms.items()], order="id"
        )

    def test_each_thing_that_happens_is_entered_once(self):
        self.bring(20)
        sold = self.sell(6)
        self.give_back(sold, 2)
        self.give_back(self.bring(4), 3, self.suppliers)
        self.done(5, self.stock, self.env.ref("stock.stock_location_customers"))
        production = self.admin["stock.location"].search(
            [("usage", "=", "production"), ("company_id", "=", self.company.id)], limit=1
        )
        self.done(1, self.stock, production)
        expected = {
            "receipt": 24,
            "sale": -11,
            "customer_return": 2,
            "vendor_return": -3,
            "production": -1,
        }
        self.assertEqual(self.book(), expected)
        count = len(self.entries())
        self.assertEqual(self.book(), expected)
        self.assertEqual(len(self.entries()), count, "A second run finds nothing.")
        self.assertEqual(sum(expected.values()), self.stock_of(self.vendor))

    def test_an_edit_is_an_entry_on_the_day_of_the_move(self):
        self.bring(20, days=9)
        sold = self.dated(self.sell(6), 4)
        self.book()
        sold.move_line_ids.quantity = 4
        self.book()
        first, change = self.entries(reason="sale")
        self.assertEqual((first.quantity, change.quantity), (-6, 2))
        self.assertEqual((change.version, change.day), (2, first.day))
        self.assertEqual(change.day, self.company._vmi_today() - timedelta(days=4))
        sold.move_line_ids.owner_id = False
        self.assertEqual(self.book(), {"receipt": 20})
        self.assertEqual(self.stock_of(self.vendor), 20)

    def test_what_moves_inside_the_company_is_nothing(self):
        shelf = self.admin["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.bring(5)
        self.done(3, self.stock, shelf)
        self.assertEqual(self.book(), {"receipt": 5})

    def test_the_price_is_that_of_the_day_of_use_for_any_quantity(self):
        today = self.company._vmi_today()
        self.screws.sudo().seller_ids.date_end = today - timedelta(days=3)
        self.add_seller(self.screws, self.vendor, 3.0, date_start=today - timedelta(days=2))
        self.add_seller(self.screws, self.vendor, 1.0, min_qty=100)
        self.bring(20, days=9)
        self.dated(self.sell(6), 5)
        self.sell(2)
        self.book()
        prices = {entry.quantity: entry.unit_price for entry in self.entries(reason="sale")}
        self.assertEqual(prices, {-6: 2, -2: 3})

    def test_where_every_price_is_for_a_quantity_it_is_the_smallest_s(self):
        self.screws.sudo().seller_ids.min_qty = 12
        self.add_seller(self.screws, self.vendor, 1.0, min_qty=100)
        self.bring(5)
        self.sell(2)
        self.book()
        self.assertEqual(self.entries(reason="sale").unit_price, 2)

    def test_discount_unit_and_currency_are_the_vendor_s(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        dozen = self.env.ref("uom.product_uom_dozen")
        self.screws.sudo().seller_ids.write(
            {"price": 30, "discount": 20, "product_uom_id": dozen.id, "currency_id": dollar.id}
        )
        self.bring(5)
        self.sell(2)
        self.book()
        entry = self.entries(reason="sale")
        self.assertEqual((entry.unit_price, entry.currency_id), (2, dollar))

    def test_the_price_stays_when_the_vendor_s_changes(self):
        self.bring(20)
        sold = self.sell(6)
        self.book()
        self.screws.sudo().seller_ids.price = 9
        sold.move_line_ids.quantity = 5
        self.give_back(sold, 2)
        self.sell(1)
        self.book()
        found = [(entry.quantity, entry.unit_price) for entry in self.entries(is_billable=True)]
        self.assertEqual(found, [(-6, 2), (1, 2), (2, 2), (-1, 9)])

    def test_a_use_without_a_price_waits_for_one(self):
        self.screws.sudo().seller_ids.date_end = self.company._vmi_today() - timedelta(days=30)
        self.bring(5)
        self.sell(2)
        self.book()
        self.assertFalse(self.entries(reason="sale").is_priced)
        stock = self.env["vmi.consignment.stock"].search([("partner_id", "=", self.vendor.id)])
        self.assertEqual((stock.on_hand_qty, stock.used_qty, stock.unpriced_qty), (3, 0, 2))
        self.add_seller(self.screws, self.vendor, 3.0)
        self.book()
        self.assertEqual(self.entries(reason="sale").unit_price, 3)

    def test_losses_are_settled_where_the_buyer_bears_them(self):
        self.bring(9)
        for bears in (False, True):
            self.agreement.bears_losses = bears
            self.admin["stock.scrap"].create(
                {
                    "product_id": self.screws.id,
                    "scrap_qty": 2,
                    "location_id": self.stock.id,
                    "company_id": self.company.id,
                }
            ).action_validate()
            self.book()
        self.assertEqual(self.entries(reason="scrap").mapped("is_billable"), [False, True])

    def test_what_was_used_before_the_agreement_is_not_settled(self):
        self.agreement.consigned_since = self.company._vmi_today() - timedelta(days=3)
        self.bring(9, days=20)
        self.dated(self.sell(2), 10)
        self.sell(3)
        self.book()
        self.assertEqual(self.entries(reason="sale").mapped("is_billable"), [False, True])

    def test_goods_that_others_store_here_are_in_no_ledger(self):
        self.done(5, self.suppliers, self.stock, owner=self.make_vendor("Guest"))
        self.assertFalse(self.book())

    def test_another_company_s_ledger_is_its_own(self):
        self.bring(5)
        other = self.make_company("Southwind").sudo()
        self.ledger._book(other)
        self.assertFalse(self.entries())

    def test_the_nightly_action_enters_all_companies(self):
        self.bring(5)
        with self.enter_registry_test_mode():
            self.admin.ref("supply_partner_consignment.ir_cron_book").method_direct_trigger()
        self.assertEqual(self.entries().mapped("reason"), ["receipt"])

    def test_stock_and_what_is_to_settle_by_lot(self):
        self.screws.sudo().tracking = "lot"
        lots = self.admin["stock.lot"].create(
            [{"name": name, "product_id": self.screws.id} for name in "AB"]
        )
        for lot in lots:
            self.bring(5, lot=lot)
        self.sell(2, owner=self.vendor, lot=lots[0])
        self.book()
        stock = self.env["vmi.consignment.stock"].search([("partner_id", "=", self.vendor.id)])
        self.assertEqual(
            [(row.lot_id.sudo().name, row.on_hand_qty, row.used_qty, row.value) for row in stock],
            [("A", 3, 2, 6), ("B", 5, 0, 10)],
        )
        self.assertEqual(self.agreement.unsettled_text, "4.00\xa0€")

    def test_the_number_of_queries_does_not_grow(self):
        products = [self.make_product(f"Part {number}", self.vendor) for number in range(12)]
        self.consign(*[(product, 1, 2) for product in products])

        def queries(some):
            for product in some:
                self.bring(5, product)
                self.sell(2, product=product)
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.book()
            return self.cr.sql_log_count - before

        few = queries(products[:2])
        # The vendor's price is asked for once for each product and day.
        self.assertLess(queries(products[2:]), few + 10 * 12)


class TestReturnedUse(ConsignmentCase):
    def test_of_a_mixed_sale_own_units_come_back_first(self):
        self.consign()
        self.put_own(3)
        self.bring(5)
        back = self.give_back(self.sell(5), 4)
        quantities = {line.owner_id: line.quantity for line in back.move_line_ids}
        self.assertEqual(quantities, {self.env["res.partner"]: 3, self.vendor: 1})
        self.assertEqual(self.value(), 30)
