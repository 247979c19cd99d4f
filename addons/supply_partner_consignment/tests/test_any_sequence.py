import os
from collections import Counter, defaultdict
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.fields import Command

from .common import ConsignmentCase

# A long run sets more of them.
SEQUENCES = int(os.environ.get("CONSIGNMENT_SEQUENCES", "5"))
PRICES = (2.0, 3.0)

amounts = st.integers(1, 9)
picks = st.integers(0, 9)
steps = st.one_of(
    st.tuples(st.just("receive"), amounts, picks),
    st.tuples(st.just("own"), amounts, picks),
    st.tuples(st.just("sell"), amounts, picks),
    st.tuples(st.just("consume"), amounts, picks),
    st.tuples(st.just("give_back"), amounts, picks),
    st.tuples(st.just("return_to_vendor"), amounts, picks),
    st.tuples(st.just("count"), amounts, picks),
    st.tuples(st.just("scrap"), amounts, picks),
    st.tuples(st.just("edit"), amounts, picks),
    st.tuples(st.just("change_owner"), amounts, picks),
    st.tuples(st.just("settle"), amounts, picks),
    st.tuples(st.just("delete_bill"), amounts, picks),
    st.tuples(st.just("dispute"), amounts, picks),
    st.tuples(st.just("resolve"), amounts, picks),
    st.tuples(st.just("book"), amounts, picks),
)


class TestAnySequence(ConsignmentCase):
    """Whatever happens in whatever order, nothing of a vendor's stock is lost or paid twice.

    What each step did is read from the stock itself, and compared with what the ledger, the
    settlements and Odoo's valuation say of it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._vmi_today()
        cls.serum = cls.make_product("Serum", cls.vendor)
        cls.serum.sudo().write({"tracking": "lot", "categ_id": cls.category.id})
        cls.serum.sudo().with_company(cls.company).standard_price = 10
        for product in cls.screws | cls.serum:
            product.sudo().seller_ids.write(
                {"price": PRICES[0], "date_end": cls.today - timedelta(days=15)}
            )
            cls.add_seller(
                product, cls.vendor, PRICES[1], date_start=cls.today - timedelta(days=14)
            )
        # A cost that is typed after the moves would be the value of all of them.
        cls.admin["product.value"].search(
            [("product_id", "in", (cls.screws | cls.serum).ids)]
        ).date = fields.Datetime.now() - timedelta(days=300)
        cls.lots = cls.admin["stock.lot"].create(
            [{"name": name, "product_id": cls.serum.id} for name in "AB"]
        )
        cls.agreement = cls.consign(
            (cls.screws, 60, 120),
            (cls.serum, 60, 120),
            consigned_since=cls.today - timedelta(days=200),
        )
        cls.production = cls.admin["stock.location"].search(
            [("usage", "=", "production"), ("company_id", "=", cls.company.id)], limit=1
        )

    @settings(
        max_examples=SEQUENCES,
        deadline=None,
        derandomize=SEQUENCES < 50,
        suppress_health_check=list(HealthCheck),
        # To find a shorter sequence that fails takes minutes: each is done in the database.
        phases=(Phase.reuse, Phase.generate),
    )
    @given(
        st.sampled_from(["standard", "average", "fifo"]),
        st.sampled_from(["own", "vendor"]),
        st.lists(steps, min_size=4, max_size=14),
    )
    def test_nothing_is_lost_and_nothing_paid_twice(self, method, order, sequence):
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            self.category.with_company(self.company).property_cost_method = method
            self.company.sudo().vmi_reservation_order = order
            self.begin()
            for number, (step, amount, pick) in enumerate(sequence):
                self.day = self.today - timedelta(days=28 - 2 * number)
                getattr(self, step)(amount, pick)
                self.check_value(method)
                self.check_doors()
            self.check_report(method)
            self.check_ledger()
            self.settle_rest()
            self.check_billed()
        finally:
            self.env.transaction.clear()
            savepoint.close(rollback=True)

    def begin(self):
        # (product, lot) → quantity, by reason; and what is to be paid for it.
        self.happened = defaultdict(Counter)
        self.due = Counter()
        self.uses, self.receipts, self.settlements = [], [], []
        self.stored = self.read_stock()

    def goods(self, pick):
        """Return a product, and the lot where it has lots."""
        if pick % 3 == 0:
            return self.screws.sudo(), self.admin["stock.lot"]
        return self.serum.sudo(), self.lots[pick % 2]

    def read_stock(self):
        """Return what is there by product, lot and owner, as the database has it."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT quant.product_id, COALESCE(quant.lot_id, 0), COALESCE(quant.owner_id, 0),
                   SUM(quant.quantity)
              FROM stock_quant quant
              JOIN stock_location place ON place.id = quant.location_id
             WHERE place.usage IN ('internal', 'transit') AND place.company_id = %s
          GROUP BY 1, 2, 3
            """,
            [self.company.id],
        )
        return Counter({tuple(key): float(quantity) for *key, quantity in self.env.cr.fetchall()})

    def note(self, reason, price=None):
        """Note how the vendor's stock changed since the last step, and what is due for it."""
        stored = self.read_stock()
        for key in stored.keys() | self.stored.keys():
            product, lot, owner = key
            change = stored[key] - self.stored[key]
            if owner == self.vendor.id and change:
                self.happened[product, lot][reason] += change
                if price:
                    self.due[product] += -change * price
        self.stored = stored

    def price(self):
        """Return the vendor's price of the day."""
        return PRICES[self.day >= self.today - timedelta(days=14)]

    def there(self, product, lot, owner=None):
        """Return how much is there, of one owner or of all."""
        return sum(
            quantity
            for (goods, batch, whose), quantity in self.stored.items()
            if (goods, batch) == (product.id, lot.id or 0) and owner in (None, whose)
        )

    def on_the_day(self, move):
        noon = fields.Datetime.to_datetime(self.day) + timedelta(hours=12)
        move.date = noon
        return move

    def take(self, product, lot, quantity, destination):
        """Take from whoever's stock the rule says, of the lot."""
        parts = self.admin["stock.quant"]._divide_by_owner(product, self.stock, quantity, lot=lot)
        owned = parts or [(self.env["res.partner"], quantity)]
        move = self.admin["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": self.stock.id,
                "location_dest_id": destination.id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        if lot:
            self.admin["stock.move.line"].create(
                [
                    {
                        **move._prepare_move_line_vals(),
                        "quantity": part,
                        "owner_id": owner.id,
                        "lot_id": lot.id,
                    }
                    for owner, part in owned
                ]
            )
        else:
            move.quantity = quantity
        move.picked = True
        move._action_done()
        return self.on_the_day(move)

    def receive(self, amount, pick):
        product, lot = self.goods(pick)
        order = self.admin["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "vmi_is_consigned": True,
                "vmi_agreement_id": self.agreement.id,
                "order_line": [Command.create({"product_id": product.id, "product_qty": amount})],
            }
        )
        order.button_confirm()
        picking = order.picking_ids
        picking.move_ids.move_line_ids.unlink()
        self.admin["stock.move.line"].create(
            {
                **picking.move_ids._prepare_move_line_vals(),
                "quantity": amount,
                "lot_id": lot.id,
            }
        )
        picking.move_ids.picked = True
        picking.button_validate()
        self.receipts.append(self.on_the_day(picking.move_ids))
        self.note("receipt")

    def own(self, amount, pick):
        product, lot = self.goods(pick)
        move = self.done(amount, self.suppliers, self.stock, owner=False, product=product, lot=lot)
        self.on_the_day(move)
        move.value_manual = amount * (5 + pick)
        self.note("nothing")

    def sell(self, amount, pick, destination=None, reason="sale"):
        product, lot = self.goods(pick)
        quantity = min(amount, self.there(product, lot))
        if quantity > 0:
            move = self.take(product, lot, quantity, destination or self.customers)
            self.uses.append((move, reason, self.price()))
            self.note(reason, self.price())

    def consume(self, amount, pick):
        self.sell(amount, pick, self.production, "production")

    def give_back(self, amount, pick):
        sold = [use for use in self.uses if use[1] == "sale"]
        if not sold:
            return
        move, _reason, price = sold[pick % len(sold)]
        back = sum(move.move_dest_ids.filtered(lambda m: m.state == "done").mapped("quantity"))
        quantity = min(amount, move.quantity - back)
        if quantity > 0:
            self.on_the_day(super().give_back(move, quantity))
            self.note("customer_return", price)

    def return_to_vendor(self, amount, pick):
        if not self.receipts:
            return
        receipt = self.receipts[pick % len(self.receipts)]
        line = receipt.move_line_ids[:1]
        left = self.there(receipt.product_id, line.lot_id, self.vendor.id)
        quantity = min(amount, left, receipt.quantity)
        if quantity > 0:
            move = self.done(
                quantity,
                self.stock,
                self.suppliers,
                owner=self.vendor,
                product=receipt.product_id,
                lot=line.lot_id,
                purchase_line_id=receipt.purchase_line_id.id,
            )
            self.on_the_day(move)
            self.note("vendor_return")

    def count(self, amount, pick):
        product, lot = self.goods(pick)
        owner = self.vendor if pick > 4 else self.env["res.partner"]
        if not owner and self.there(product, lot, 0) > 0:
            # Own stock that is found is worth what Odoo says; what is lost tells of owners.
            amount = min(amount, self.there(product, lot, 0))
        quant = (
            self.admin["stock.quant"]
            .with_user(1)
            .with_context(inventory_mode=True, allowed_company_ids=self.company.ids)
            .create(
                {
                    "product_id": product.id,
                    "location_id": self.stock.id,
                    "lot_id": lot.id,
                    "owner_id": owner.id,
                    "inventory_quantity": amount,
                }
            )
        )
        newest = self.admin["stock.move"].search([], order="id desc", limit=1).id or 0
        quant.action_apply_inventory()
        for move in self.admin["stock.move"].search([("id", ">", newest)]):
            self.on_the_day(move)
        self.note("count")

    def scrap(self, amount, pick):
        product, lot = self.goods(pick)
        quantity = min(amount, self.there(product, lot))
        if quantity <= 0:
            return
        scrap = self.admin["stock.scrap"].create(
            {
                "product_id": product.id,
                "scrap_qty": quantity,
                "lot_id": lot.id,
                "location_id": self.stock.id,
                "company_id": self.company.id,
            }
        )
        assert scrap.action_validate() is True
        self.on_the_day(scrap.move_ids)
        self.note("scrap")

    def find_line(self, pick, owner):
        """Return a line of a use of an owner's stock, with its reason and price."""
        found = [
            (line, reason, price)
            for move, reason, price in self.uses
            for line in move.move_line_ids
            if line.owner_id == owner and line.quantity
        ]
        return found[pick % len(found)] if found else None

    def edit(self, amount, pick):
        """Change the quantity of a done use, or of a receipt."""
        if pick > 6 and self.receipts:
            line = self.receipts[pick % len(self.receipts)].move_line_ids[:1]
            less = line.quantity - amount
            if less > self.there(line.product_id, line.lot_id, self.vendor.id):
                return
            line.quantity = amount
            self.note("receipt")
        elif found := self.find_line(pick, self.vendor):
            line, reason, price = found
            given_back = line.move_id.move_dest_ids
            if given_back or amount - line.quantity > self.there(
                line.product_id, line.lot_id, self.vendor.id
            ):
                return
            line.quantity = amount
            self.note(reason, price)

    def change_owner(self, amount, pick):
        """Say afterwards that a use was of the other's stock."""
        is_own = amount > 4
        owner = self.env["res.partner"] if is_own else self.vendor
        found = self.find_line(pick, owner)
        if not found or found[0].move_id.move_dest_ids:
            return
        line, reason, price = found
        other = self.vendor if is_own else self.env["res.partner"]
        if line.quantity > self.there(line.product_id, line.lot_id, other.id or 0):
            return
        line.owner_id = other
        self.note(reason, price)

    def book(self, _amount=0, _pick=0):
        self.ledger._book(self.company.sudo())

    def settle(self, amount, pick):
        self.settle_up_to(self.day, is_billed=amount > 3)

    def settle_up_to(self, day, is_billed=True):
        self.book()
        if not self.ledger.search_count(
            [
                ("company_id", "=", self.company.id),
                ("is_billable", "=", True),
                ("settlement_line_id", "=", False),
                ("day", "<=", day),
            ]
        ):
            return
        settlement = self.env["vmi.consignment.settlement"]._settle(
            self.company, day.replace(day=1), day
        )
        self.settlements.append(settlement)
        if is_billed and settlement._get_open_lines():
            settlement.action_bill()

    def lines_in(self, status):
        """Return the lines of settlements with a status, in the order in which they were made."""
        lines = self.env["vmi.consignment.settlement.line"]
        return lines.union(*(one.line_ids for one in self.settlements)).filtered(
            lambda line: line.status == status
        )

    def dispute(self, _amount, pick):
        lines = self.lines_in("to_bill")
        if lines:
            lines[pick % len(lines)]._decide("disputed", "Too many")

    def resolve(self, _amount, pick):
        lines = self.lines_in("disputed")
        if lines:
            lines[pick % len(lines)]._decide("open", False)

    def settle_rest(self):
        if disputed := self.lines_in("disputed"):
            disputed._decide("open", False)
        self.settle_up_to(self.today)
        for settlement in self.settlements:
            if settlement._get_open_lines():
                settlement.action_bill()

    def delete_bill(self, _amount, pick):
        bills = self.env["account.move"].sudo()
        for settlement in self.settlements:
            bills |= settlement.sudo().bill_ids
        if bills:
            bills.sorted("id")[pick % len(bills)].unlink()

    def check_ledger(self):
        """Received + found = on hand + used − given back + lost + returned, by lot and owner."""
        self.book()
        entered = defaultdict(Counter)
        for product, lot, partner, reason, quantity in self.ledger._read_group(
            [("company_id", "=", self.company.id)],
            ["product_id", "lot_id", "partner_id", "reason"],
            ["quantity:sum"],
        ):
            self.assertEqual(partner, self.vendor)
            if quantity:
                entered[product.id, lot.id or 0][reason] = quantity
        happened = {
            key: {reason: quantity for reason, quantity in changes.items() if quantity}
            for key, changes in self.happened.items()
        }
        self.assertEqual(
            {key: dict(changes) for key, changes in entered.items()},
            {key: changes for key, changes in happened.items() if changes},
        )
        for key in entered.keys() | {(p, lot) for p, lot, _owner in self.stored}:
            on_hand = self.stored[(*key, self.vendor.id)]
            self.assertEqual(sum(entered[key].values()), on_hand)

    def check_billed(self):
        """What was used is billed, once, at the price of its day."""
        billed = Counter()
        for settlement in self.settlements:
            self.assertEqual(settlement.state, "billed")
            for bill in settlement.sudo().bill_ids:
                for line in bill.invoice_line_ids:
                    sign = -1 if bill.move_type == "in_refund" else 1
                    billed[line.product_id.id] += sign * line.price_subtotal
        for product in self.screws | self.serum:
            self.assertAlmostEqual(billed[product.id], self.due[product.id], 2)

    def check_value(self, method):
        """The company's stock is worth what its own units are worth; return how much."""
        self.env.invalidate_all()
        total = 0
        for product in (self.screws | self.serum).sudo().with_company(self.company):
            own = sum(
                quantity
                for (goods, _lot, owner), quantity in self.stored.items()
                if goods == product.id and not owner
            )
            worth = {"standard": self.by_standard, "average": self.by_average, "fifo": self.by_fifo}
            expected = worth[method](product, own)
            self.assertAlmostEqual(product.total_value, expected, 2)
            total += product.total_value
        return total

    def check_report(self, method):
        """Odoo's report of the company's stock adds up to the same."""
        total = self.check_value(method)
        report = self.admin["stock_account.stock.valuation.report"].with_company(self.company)
        products = report._get_report_data()["ending_stock"]["value"]
        self.assertAlmostEqual(products, total, 2)

    def own_moves(self, product):
        """Return the company's own part of done moves in the order of their days: in, out."""
        lines = self.admin["stock.move.line"].search(
            [
                ("product_id", "=", product.id),
                ("company_id", "=", self.company.id),
                ("state", "=", "done"),
                ("owner_id", "=", False),
            ]
        )
        found = []
        for move in lines.move_id.sorted(lambda move: (move.date, move.id)):
            quantity = sum((lines & move.move_line_ids).mapped("quantity"))
            if quantity:
                found.append((move, quantity, move.location_dest_id == self.stock))
        return found

    def by_standard(self, product, own):
        return own * 10

    def by_average(self, product, own):
        stored = value = average = 0
        for move, quantity, enters in self.own_moves(product):
            if enters:
                value += move.value
                stored += quantity
                average = value / stored
            else:
                value -= quantity * average
                stored -= quantity
        return value if own else 0

    def by_fifo(self, product, own):
        value, left = 0, own
        for move, quantity, enters in reversed(self.own_moves(product)):
            if enters and left > 0:
                part = min(left, quantity)
                value += move.value * part / quantity
                left -= part
        return value

    def check_doors(self):
        """Nothing of a consigned order is to be billed, matched or accrued."""
        orders = self.admin["purchase.order"].search([("vmi_agreement_id", "=", self.agreement.id)])
        lines = orders.order_line
        self.assertFalse(any(lines.mapped("qty_to_invoice")))
        self.assertFalse(any(lines.mapped("amount_to_invoice_at_date")))
        self.assertLessEqual(set(orders.mapped("invoice_status")), {"consigned"})
        matches = self.admin["purchase.bill.line.match"]
        self.assertFalse(matches.search([("partner_id", "=", self.vendor.id)]))
        self.assertFalse(
            self.admin["purchase.bill.union"].search([("purchase_order_id", "in", orders.ids)])
        )
        report = self.admin["stock_account.stock.valuation.report"].with_company(self.company)
        self.assertFalse(report._compute_goods_received_not_invoiced()["lines"])
