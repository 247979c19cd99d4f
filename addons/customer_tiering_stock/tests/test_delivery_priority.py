from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user

from .common import DeliveryCase


class TestDeliveryPriority(DeliveryCase):
    """Deliveries carry the priority that the customer's tier promises."""

    def priorities(self, order):
        return [
            *order.picking_ids.mapped("priority"),
            *order.picking_ids.move_ids.mapped("priority"),
        ]

    def downgrade(self):
        """Let Acme fall to the lowest tier."""
        self.first_order._action_cancel()
        self.make_order(self.acme, 1, "2026-06-02")
        self.policy.evaluate("2026-07-02")
        self.assertEqual(self.standing(self.acme).tier_id, self.potential)

    def test_an_archived_level_promises_nothing(self):
        self.assertEqual(set(self.priorities(self.deliver(self.acme))), {"1"})
        self.vip.service_level_id.active = False
        self.assertEqual(set(self.priorities(self.deliver(self.acme))), {"0"})

    def test_the_scarce_stock_goes_to_the_better_tier(self):
        waiting = self.deliver(self.bolt).picking_ids
        urgent = self.deliver(self.acme).picking_ids
        self.assertEqual((waiting.priority, urgent.priority), ("0", "1"))
        self.assertEqual(waiting.move_ids.reservation_date, urgent.move_ids.reservation_date)
        self.stock_up(1)
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        self.assertEqual((waiting.state, urgent.state), ("confirmed", "assigned"))

    def test_without_a_promise_who_ordered_first_is_served_first(self):
        self.vip.service_level_id.delivery_priority = "0"
        first = self.deliver(self.bolt).picking_ids
        second = self.deliver(self.acme).picking_ids
        self.stock_up(1)
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        self.assertEqual((first.state, second.state), ("assigned", "confirmed"))

    def test_contacts_follow_their_company(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.assertEqual(self.priorities(self.deliver(buyer)), ["1", "1"])

    def test_customers_without_a_tier_or_level_are_normal(self):
        self.assertEqual(self.priorities(self.deliver(self.make_customer("New"))), ["0", "0"])
        self.ordinary.service_level_id = False
        self.assertEqual(self.priorities(self.deliver(self.bolt)), ["0", "0"])

    def test_orders_confirmed_together_each_have_their_own(self):
        orders = self.make_order(self.acme, 1, "2026-07-01", confirm=False)
        orders += self.make_order(self.bolt, 1, "2026-07-01", confirm=False)
        orders.action_confirm()
        self.assertEqual([self.priorities(order) for order in orders], [["1", "1"], ["0", "0"]])

    def test_a_new_delivery_has_the_new_tiers_priority(self):
        before = self.deliver(self.acme)
        draft = self.make_order(self.acme, 1, "2026-07-01", confirm=False)
        self.downgrade()
        draft.action_confirm()
        self.assertEqual(self.priorities(draft), ["0", "0"])
        self.assertEqual(self.priorities(before), ["1", "1"])

    def test_a_level_that_changes_is_seen_at_once(self):
        self.ordinary.service_level_id.delivery_priority = "1"
        self.assertEqual(self.priorities(self.deliver(self.bolt)), ["1", "1"])
        self.ordinary.service_level_id = False
        self.assertEqual(self.priorities(self.deliver(self.bolt)), ["0", "0"])

    def test_each_company_has_its_own_tiers(self):
        south = self.make_company("Southwind")
        policy = self.policy_of(south)
        self.judge_by_revenue(policy)
        self.make_order(self.bolt, 90, "2026-06-01", company=south)
        policy.evaluate("2026-06-30")
        level = self.vip.service_level_id.copy({"company_id": south.id})
        policy._get_tiers()[0].service_level_id = level
        self.assertEqual(self.priorities(self.deliver(self.bolt, company=south)), ["1", "1"])
        self.assertEqual(self.priorities(self.deliver(self.acme, company=south)), ["0", "0"])
        self.assertEqual(self.priorities(self.deliver(self.bolt)), ["0", "0"])

    def test_a_branch_delivers_by_the_tiers_of_its_root(self):
        branch = self.make_company("Northwind Ghent", parent=self.company)
        self.env["stock.warehouse"].create(
            {"name": "Ghent", "code": "GHE", "company_id": branch.id}
        )
        self.assertEqual(self.priorities(self.deliver(self.acme, company=branch)), ["1", "1"])

    def test_every_step_of_a_delivery_carries_it(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.stock_up(2)
        order = self.deliver(self.acme)
        for _step in ("pick", "pack"):
            transfer = order.picking_ids.filtered(lambda picking: picking.state != "done")
            self.assertEqual((transfer.priority, transfer.move_ids.priority), ("1", "1"))
            transfer.move_ids.picked = True
            transfer.button_validate()
        ship = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.assertEqual((ship.picking_type_id.code, ship.priority), ("outgoing", "1"))

    def test_a_step_that_follows_a_downgrade_is_normal(self):
        self.warehouse.delivery_steps = "pick_ship"
        self.stock_up(1)
        order = self.deliver(self.acme)
        self.downgrade()
        pick = order.picking_ids
        self.assertEqual(pick.priority, "1")
        pick.move_ids.picked = True
        pick.button_validate()
        self.assertEqual((order.picking_ids - pick).priority, "0")

    def test_steps_that_pull_each_other_carry_it_too(self):
        self.warehouse.delivery_steps = "pick_ship"
        route = self.warehouse.delivery_route_id
        pick_rule = route.rule_ids.filtered(lambda rule: rule.action == "pull")
        ship_rule = route.rule_ids.filtered(lambda rule: rule.action == "push")
        pick_rule.location_dest_id = self.warehouse.wh_output_stock_loc_id
        ship_rule.write({"action": "pull", "procure_method": "make_to_order"})
        order = self.deliver(self.acme)
        self.assertEqual(len(order.picking_ids), 2)
        self.assertEqual(self.priorities(order), ["1"] * 4)

    def test_a_chosen_priority_stays(self):
        order = self.deliver(self.bolt)
        order.picking_ids.priority = "1"
        order.write({"order_line": [Command.update(order.order_line.id, {"product_uom_qty": 2})]})
        self.assertEqual(self.priorities(order), ["1", "1"])
        lowered = self.deliver(self.acme)
        lowered.picking_ids.priority = "0"
        lowered.order_line.product_uom_qty = 2
        self.assertEqual(self.priorities(lowered), ["0", "0"])

    def test_what_comes_back_is_normal(self):
        self.stock_up(1)
        order = self.deliver(self.acme)
        delivery = order.picking_ids
        delivery.move_ids.picked = True
        delivery.button_validate()
        back = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        back.product_return_moves.quantity = 1
        returned = back._create_return()
        self.assertEqual((returned.priority, returned.move_ids.priority), ("0", "0"))

    def test_who_may_not_see_tiers_delivers_all_the_same(self):
        tiering = self.env.ref("customer_tiering.group_tiering_user")
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= tiering
        seller = self.make_member("priority_blind", "sales_team.group_sale_salesman_all_leads")
        order = self.make_order(self.acme, 1, "2026-07-01", confirm=False)
        order.with_user(seller).action_confirm()
        self.assertEqual(self.priorities(order), ["1", "1"])

    def test_a_customer_who_signs_in_the_portal_is_delivered_by_tier(self):
        portal = new_test_user(
            self.env,
            "priority_portal",
            "base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        portal.partner_id.parent_id = self.acme
        order = self.make_order(portal.partner_id, 1, "2026-07-01", confirm=False)
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(self.priorities(order), ["1", "1"])

    def test_confirming_costs_two_queries_at_most(self):
        def confirm(caches=()):
            order = self.make_order(self.acme, 1, "2026-07-01", confirm=False)
            self.env.flush_all()
            order.invalidate_recordset()
            if caches:
                self.registry.clear_all_caches()
            before = self.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        def without(caches=()):
            sale_order = self.registry["sale.order"]
            with (
                patch.object(sale_order, "_stamp_customer_tier", lambda self: None),
                patch.object(sale_order, "_get_delivery_priority", lambda self: "0"),
            ):
                return confirm(caches)

        for caches in ((), "cold"):
            # Records that are read once for all are in the memory before it is counted.
            confirm(caches)
            self.assertLessEqual(confirm(caches) - without(caches), 2)
