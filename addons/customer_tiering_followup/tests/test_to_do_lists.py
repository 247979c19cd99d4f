from ast import literal_eval

from odoo.addons.overview_page.tests.common import OverviewCase

from .common import FollowupCase

# Requests are there for those who decide them, not for those who made them.
FOR_OTHERS = "customer.tier.override"


class TestToDoLists(FollowupCase, OverviewCase):
    """Whoever opens a list of what is to be done finds the own customers first."""

    def test_lists_begin_with_the_own_customers(self):
        menus = self.env.ref("customer_tiering.menu_to_do").child_id
        actions = [menu.action for menu in menus if menu.action.res_model != FOR_OTHERS]
        self.assertGreater(len(actions), 3)
        for action in actions:
            with self.subTest(action=action.name):
                context = literal_eval(action.context)
                self.assertTrue(context.get("search_default_mine"))

    def test_the_filter_leaves_out_the_customers_of_others(self):
        other = self.make_member("to_do_other", "sales_team.group_sale_salesman")
        self.plan()
        self.assertTrue(self.followups(user_id=self.anna.id))
        action = self.env.ref("customer_tiering_followup.customer_followup_action")
        opened = {
            "res_model": action.res_model,
            "search_view_id": action.search_view_id.id,
            "context": literal_eval(action.context),
        }
        own = ("company_id", "=", self.company.id)
        opened["domain"] = [own]
        for user, expected in ((self.anna, self.followups()), (other, self.followups().browse())):
            env = self.env(user=user)
            found = env[action.res_model].search(self.opened_domain(env, opened))
            self.assertEqual(found.ids, expected.ids)

    def test_columns_of_tiers_without_own_customers_are_left_out(self):
        action = self.env.ref("customer_tiering.my_customers_action")
        context = literal_eval(action.context)
        standings = self.env["customer.standing"].with_user(self.anna)
        groups = {}
        for name, domain, given in (
            ("own", [("partner_id", "=", self.acme.id)], context),
            ("none", [("partner_id", "=", False)], context),
            ("all", [("partner_id", "=", self.acme.id)], {}),
        ):
            rows = standings.with_context(**given, read_group_expand=True).formatted_read_group(
                domain, ["tier_id"], ["__count"]
            )
            groups[name] = [row["tier_id"][0] for row in rows]
        self.assertEqual(groups["own"], self.vip.ids)
        self.assertGreater(len(groups["all"]), 1)
        # Without any column Odoo does not even say what the list is for.
        self.assertEqual(groups["none"], groups["all"])
