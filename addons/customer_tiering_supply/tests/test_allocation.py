from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .common import SupplyCase


class TestAllocation(SupplyCase):
    """What is not enough for all goes to the better tier, at every door of reservation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.scarce_allocation = "priority"

    # The doors, each with stock that nobody has reserved yet.

    def by_receipt(self, quantity, orders):
        self.receive(self.receipt(quantity))

    def by_scheduler(self, quantity, orders):
        self.put(quantity)
        self.run_scheduler()

    def by_button(self, quantity, orders):
        self.put(quantity)
        for order in orders:
            order.picking_ids.action_assign()

    def by_button_of_all(self, quantity, orders):
        self.put(quantity)
        self.env["stock.picking"].union(*orders.mapped("picking_ids")).action_assign()

    @property
    def doors(self):
        return (
            self.by_receipt,
            self.by_scheduler,
            self.by_button,
            self.by_button_of_all,
        )

    # The ways of arriving; the other customer was promised the goods a day earlier, so that Odoo
    # by itself would serve it first.

    def arrive_better_first(self):
        better = self.sell(self.acme, 5)
        return better, self.promised_earlier(self.sell(self.bolt, 5))

    def arrive_better_last(self):
        other = self.promised_earlier(self.sell(self.bolt, 5))
        return self.sell(self.acme, 5), other

    def arrive_together(self):
        better = self.sell(self.acme, 5, confirm=False)
        other = self.sell(self.bolt, 5, confirm=False)
        (other + better).action_confirm()
        return better, self.promised_earlier(other)

    @staticmethod
    def promised_earlier(order):
        for move in order.picking_ids.move_ids:
            day = timedelta(days=1)
            move.write({name: move[name] - day for name in ("date", "date_deadline")})
            if move.reservation_date:
                move.reservation_date -= day
        return order

    @property
    def arrivals(self):
        return self.arrive_better_first, self.arrive_better_last, self.arrive_together

    @contextmanager
    def told_apart(self, **case):
        with self.subTest(**{name: part.__name__ for name, part in case.items()}):
            # Each case begins with an empty shelf and no orders.
            self.env.flush_all()
            with self.cr.savepoint() as savepoint:
                yield
                savepoint.rollback()
            self.env.invalidate_all()

    def test_the_better_tier_is_served_at_every_door(self):
        for door in self.doors:
            for arrival in self.arrivals:
                with self.told_apart(door=door, arrival=arrival):
                    better, other = arrival()
                    self.assertEqual(self.reserved(better, other), (0, 0))
                    door(7, other + better)
                    self.assertEqual(self.reserved(better, other), (5, 2))

    def test_without_allocation_the_other_is_served_first_at_every_door(self):
        """Whatever is seen of the better tier at the doors is the allocation's doing."""
        self.company.scarce_allocation = "none"
        for door in self.doors:
            for arrival in self.arrivals:
                with self.told_apart(door=door, arrival=arrival):
                    better, other = arrival()
                    door(7, other + better)
                    self.assertEqual(self.reserved(better, other), (2, 5))

    def test_confirmation_leaves_to_the_better_what_it_waits_for(self):
        for arrival in self.arrivals:
            with self.told_apart(arrival=arrival):
                if arrival == self.arrive_together:
                    self.put(7)
                    better, other = arrival()
                    self.assertEqual(self.reserved(better, other), (5, 2))
                elif arrival == self.arrive_better_first:
                    better = self.sell(self.acme, 5)
                    self.put(7)
                    other = self.sell(self.bolt, 5)
                    self.assertEqual(self.reserved(better, other), (0, 2))
                    self.run_scheduler()
                    self.assertEqual(self.reserved(better, other), (5, 2))
                else:
                    other = self.sell(self.bolt, 5)
                    self.put(7)
                    better = self.sell(self.acme, 5)
                    self.assertEqual(self.reserved(better, other), (5, 0))
                    self.run_scheduler()
                    self.assertEqual(self.reserved(better, other), (5, 2))

    def test_equals_share_by_what_they_ordered(self):
        for door in self.doors:
            with self.told_apart(door=door):
                first, second = self.sell(self.bolt, 10), self.sell(self.cogs, 5)
                door(10, first + second)
                # 6⅔ and 3⅓: the larger remainder gets the odd one.
                self.assertEqual(self.reserved(first, second), (7, 3))

    def test_who_comes_last_has_its_share_kept(self):
        first, second = self.sell(self.bolt, 6), self.sell(self.cogs, 6)
        self.put(7)
        second.picking_ids.action_assign()
        # Halves go to the older one.
        self.assertEqual(self.reserved(first, second), (0, 3))
        first.picking_ids.action_assign()
        self.assertEqual(self.reserved(first, second), (4, 3))

    def test_urgent_ones_come_first(self):
        normal, urgent = self.sell(self.acme, 5), self.sell(self.bolt, 5)
        urgent.picking_ids.priority = "1"
        self.put(6)
        self.run_scheduler()
        self.assertEqual(self.reserved(normal, urgent), (1, 5))

    def test_a_delivery_without_an_order_comes_last(self):
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.acme.id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.chair.id,
                            "product_uom_qty": 5,
                            "product_uom": self.chair.uom_id.id,
                            "location_id": self.stock.id,
                            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        order = self.sell(self.bolt, 5)
        self.put(6)
        picking.action_assign()
        self.assertEqual((picking.move_ids.quantity, *self.reserved(order)), (1, 0))

    def test_the_stamp_of_the_order_counts(self):
        order = self.sell(self.acme, 5)
        other = self.sell(self.bolt, 5)
        order.sudo().customer_tier_id = self.potential
        self.put(5)
        self.run_scheduler()
        self.assertEqual(self.reserved(order, other), (0, 5))

    def test_what_is_held_is_not_taken_away(self):
        self.put(5)
        other = self.sell(self.bolt, 5)
        better = self.sell(self.acme, 5)
        self.run_scheduler()
        self.assertEqual(self.reserved(better, other), (0, 5))

    def test_what_is_due_later_does_not_count_yet(self):
        self.warehouse.out_type_id.write(
            {"reservation_method": "by_date", "reservation_days_before": 1}
        )
        later = self.sell(self.acme, 5, commitment_date="2199-01-01")
        self.put(5)
        now = self.sell(self.bolt, 5)
        self.run_scheduler()
        self.assertEqual(self.reserved(later, now), (0, 5))

    def test_nobody_waits_for_ever(self):
        old = self.sell(self.bolt, 5)
        for day in range(1, 30):
            better = self.sell(self.acme, 3)
            self.late(old, day)
            self.receive(self.receipt(3))
            served = self.reserved(old)[0] > 0
            self.assertEqual(served, day >= 14, day)
            if served:
                break
            self.assertEqual(self.reserved(better), (3,))
            better.picking_ids.move_ids.picked = True
            better.picking_ids.button_validate()
        self.receive(self.receipt(2))
        self.assertEqual(self.reserved(old), (5,))

    def test_dozens_stay_whole_where_deliveries_have_them(self):
        self.env["ir.config_parameter"].set_param("stock.propagate_uom", "1")
        dozen = self.env.ref("uom.product_uom_dozen")
        orders = self.env["sale.order"]
        for partner in (self.bolt, self.cogs):
            order = self.sell(partner, 1, confirm=False)
            order.order_line.product_uom_id = dozen
            order.action_confirm()
            orders += order
        self.assertEqual(orders.picking_ids.move_ids.product_uom, dozen)
        self.put(14)
        self.run_scheduler()
        # Two units are no dozen for anybody.
        self.assertEqual(self.reserved(*orders), (1, 0))

    def test_the_pick_is_allocated_and_what_it_brings_is_the_delivery_s(self):
        self.warehouse.delivery_steps = "pick_ship"
        other, better = self.sell(self.bolt, 5), self.sell(self.acme, 5)
        self.put(7)
        other.picking_ids.action_assign()
        self.assertEqual(self.reserved(better, other), (0, 2))
        pick = other.picking_ids
        pick.move_ids.picked = True
        pick.with_context(skip_backorder=True).button_validate()
        ship = other.picking_ids.filtered(lambda p: p.picking_type_code == "outgoing")
        self.assertEqual(ship.move_ids.quantity, 2)

    def test_other_moves_are_left_alone(self):
        self.sell(self.acme, 5)
        move = self.env["stock.move"].create(
            {
                "product_id": self.chair.id,
                "product_uom_qty": 5,
                "product_uom": self.chair.uom_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_suppliers").id,
                "company_id": self.company.id,
            }
        )
        self.put(5)
        move._action_confirm()
        move._action_assign()
        self.assertEqual(move.quantity, 5)

    def test_quantities_typed_by_hand_pass_with_a_warning(self):
        better, other = self.sell(self.acme, 5), self.sell(self.bolt, 5)
        self.put(5)
        picking = other.picking_ids
        warning = self.env["stock.move"].new(origin=picking.move_ids)
        warning.quantity = 4
        found = warning._onchange_quantity_allocation()
        self.assertIn("4 Units are more than the 0", found["warning"]["message"])
        picking.move_ids.quantity = 4
        self.assertEqual(self.reserved(better, other), (0, 4))
        self.assertIn("Chair: 4 Units are more than the 0", picking.allocation_warning)
        picking.move_ids.quantity = 0
        self.assertFalse(picking.allocation_warning)

    def test_each_company_has_its_own_way(self):
        south = self.make_company("Southwind")
        self.assertEqual(south.scarce_allocation, "none")
        policy = self.policy_of(south)
        self.judge_by_revenue(policy)
        shelf = self.env["stock.warehouse"].search([("company_id", "=", south.id)]).lot_stock_id
        self.make_order(self.acme, 90, "2026-06-01", company=south)
        policy.evaluate("2026-06-30")
        orders = [self.sell(partner, 5, company=south) for partner in (self.bolt, self.acme)]
        self.put(7, location=shelf)
        self.env["stock.rule"].run_scheduler(company_id=south.id)
        self.assertEqual(self.reserved(*orders), (5, 2))
        better, other = self.arrive_better_last()
        self.put(7)
        self.run_scheduler()
        self.assertEqual(self.reserved(better, other), (5, 2))

    def test_an_agreement_may_differ(self):
        agreement = self.make_agreement(self.chair)
        agreement.scarce_allocation = "none"
        better, other = self.arrive_better_last()
        self.put(7)
        self.run_scheduler()
        self.assertEqual(self.reserved(better, other), (2, 5))
        self.company.scarce_allocation = "none"
        agreement.scarce_allocation = "priority"
        better._action_cancel()
        other._action_cancel()
        self.put(-7)
        better, other = self.arrive_better_last()
        self.put(7)
        self.run_scheduler()
        self.assertEqual(self.reserved(better, other), (5, 2))

    def test_switched_off_nothing_is_left_behind(self):
        better, other = self.arrive_better_last()
        self.company.scarce_allocation = "none"
        self.put(7)
        self.run_scheduler()
        self.assertEqual(self.reserved(better, other), (2, 5))
        self.assertFalse(other.allocation_note)
        self.assertFalse(other.picking_ids.allocation_warning)

    def test_off_by_default(self):
        company = self.make_company("Eastwind")
        self.assertEqual(company.scarce_allocation, "none")
        self.assertFalse(self.make_agreement(self.chair, start=False).scarce_allocation)

    def test_a_salesperson_without_any_right_to_stock_confirms(self):
        tiering = self.env.ref("customer_tiering.group_tiering_user")
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= tiering
        seller = self.make_member("allocation_seller", "sales_team.group_sale_salesman_all_leads")
        better = self.sell(self.acme, 5)
        self.put(7)
        order = self.sell(self.bolt, 5, confirm=False)
        order.with_user(seller).action_confirm()
        self.assertEqual(self.reserved(better, order), (0, 2))
        note = order.with_user(seller).allocation_note
        self.assertIn("Chair: 2 of 5 Units reserved", note)
        self.assertNotIn("Acme", note)
        self.assertNotIn(self.vip.name, note)

    def test_an_order_says_what_it_could_have_now(self):
        order = self.sell(self.acme, 6)
        self.put(4)
        order.invalidate_recordset(["allocation_note"])
        self.assertIn(
            "Chair: 0 of 6 Units reserved · 4 more can be reserved now: check availability",
            order.allocation_note,
        )
        self.assertNotIn("gets all that is left", order.allocation_note)
        order.picking_ids.action_assign()
        self.assertIn("Chair: 4 of 6 Units reserved · nothing is free now", order.allocation_note)

    def test_no_client_sends_allotments(self):
        order = self.sell(self.acme, 5)
        self.put(5)
        move = order.picking_ids.move_ids.with_context(tier_allotments={order.id: 0})
        move._update_reserved_quantity(5, self.stock, strict=False)
        self.assertEqual(self.reserved(order), (5,))

    def test_confirming_costs_two_queries_at_most(self):
        def confirm(lines=1, caches=()):
            order = self.sell(self.acme, 1, confirm=False)
            for product in self.env["product.product"].browse(others.ids[: lines - 1]):
                order.order_line = [
                    Command.create({"product_id": product.id, "product_uom_qty": 1})
                ]
            self.env.flush_all()
            order.invalidate_recordset()
            if caches:
                self.registry.clear_all_caches()
            before = self.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        def without(**how):
            stock_move = self.registry["stock.move"]
            with patch.object(stock_move, "_get_allocated", lambda self: self.browse()):
                return confirm(**how)

        others = self.env["product.product"].union(
            *(self.make_product(f"Table {number}") for number in range(4))
        )
        self.put(3)
        self.sell(self.bolt, 20)
        confirm()
        for how in ({}, {"lines": 5}):
            self.assertLessEqual(confirm(**how) - without(**how), 2, how)
        # Off, a look into the memory is all.
        self.company.scarce_allocation = "none"
        confirm()
        self.assertEqual(confirm(), without())


class TestScarceProducts(SupplyCase):
    """A board says who gets what, why, and when the next receipt comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.scarce_allocation = "priority"
        cls.better, cls.other = cls.sell(cls.acme, 5), cls.sell(cls.bolt, 5)
        cls.put(6)
        cls.coming = cls.receipt(10, days=3)

    def rows(self, user=None):
        board = self.env["customer.allocation"].with_user(user or self.env.user)
        return board.search([("product_id", "=", self.chair.id)])

    def test_who_gets_what_and_why(self):
        rows = self.rows()
        self.assertEqual(rows.mapped("partner_id"), self.acme + self.bolt)
        self.assertEqual(rows.mapped("tier_id"), self.vip + self.ordinary)
        self.assertEqual(rows.mapped("allocated_qty"), [5, 1])
        self.assertEqual(rows.mapped("missing_qty"), [5, 5])
        self.assertEqual(
            rows.mapped("reason"),
            ["can be reserved now: check availability", "gets all that is left"],
        )
        self.assertEqual(set(rows.mapped("next_receipt_date")), {self.coming.date.date()})

    def test_enough_for_all_is_not_scarce(self):
        self.put(4)
        self.assertFalse(self.rows())

    def test_what_is_served_leaves_the_board(self):
        self.receive(self.coming)
        self.run_scheduler()
        self.assertFalse(self.rows())

    def test_without_allocation_it_is_listed_all_the_same(self):
        self.company.scarce_allocation = "none"
        self.assertEqual(set(self.rows().mapped("reason")), {"first come, first served"})

    def test_only_who_may_see_tiers_sees_them(self):
        blind = self.buyer_of()
        rows = self.rows(blind)
        self.assertEqual(rows.mapped("allocated_qty"), [5, 1])
        shown = rows.web_read({"partner_id": {"fields": {"display_name": {}}}, "reason": {}})
        self.assertEqual(shown[0]["partner_id"]["display_name"], "Acme")
        with self.assertRaisesRegex(Exception, "tier"):
            rows.read(["tier_id"])
        seeing = self.buyer_of(
            "purchase.group_purchase_user", "customer_tiering.group_tiering_user", login="seeing"
        )
        self.assertEqual(self.rows(seeing).mapped("tier_id"), self.vip + self.ordinary)

    def test_each_company_sees_its_own(self):
        south = self.make_company("Southwind")
        user = new_test_user(
            self.env,
            "southerner",
            "stock.group_stock_user",
            company_id=south.id,
            company_ids=[Command.set(south.ids)],
        )
        board = self.env["customer.allocation"].with_user(user)
        self.assertFalse(board.with_context(allowed_company_ids=south.ids).search([]))

    def test_the_order_says_so(self):
        self.run_scheduler()
        self.assertFalse(self.better.allocation_note)
        note = self.other.allocation_note
        self.assertIn("Chair: 1 of 5 Units reserved · nothing is free now · next receipt", note)
        self.assertNotIn("Acme", note)

    def test_the_forms_open(self):
        self.assertTrue(Form(self.other).allocation_note)
        self.assertFalse(Form(self.other.picking_ids).allocation_warning)
        action = self.rows()[0].action_open_delivery()
        self.assertEqual(action["res_id"], self.better.picking_ids.id)
