from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from .common import TieringCase


class TestValidation(TieringCase):
    """Bad input is refused with a message that names the field, and nothing is half-saved."""

    def refuse(self, record, vals, message):
        before = record.read(list(vals))
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                record.write(vals)
                record.flush_recordset()
        except ValidationError as error:
            shown = str(error)
        except IntegrityError as error:
            shown = self._message_of(error)
        else:
            self.fail(f"{vals} was accepted")
        self.env.invalidate_all()
        self.assertRegex(shown, message)
        self.assertEqual(record.read(list(vals)), before)

    def _message_of(self, error):
        """Return what the client is shown for a violated constraint of the database."""
        return next(
            table_object.get_error_message(model, error.diag)
            for model in self.env.values()
            for table_object in model._table_objects.values()
            if table_object.full_name(model) == error.diag.constraint_name
        )

    def test_a_negative_weight(self):
        self.refuse(self.policy.criterion_ids[0], {"weight": -1}, "Weight.*cannot be negative")

    def test_a_negative_yearly_spend(self):
        acme = self.make_customer("Acme")
        south = acme.with_company(self.make_company("Southwind"))
        for partner in (acme, south):
            partner.customer_yearly_spend = 100
            self.refuse(partner, {"customer_yearly_spend": -5}, "Estimated Yearly Spend.*0 or more")
        with self.assertRaisesRegex(ValidationError, "Estimated Yearly Spend"):
            self.env["res.partner"].create({"name": "New", "customer_yearly_spend": -0.01})
        acme.customer_yearly_spend = 0

    def test_weights_that_add_up_to_0(self):
        self.refuse(
            self.policy,
            {
                "criterion_ids": [
                    Command.update(criterion.id, {"weight": 0})
                    for criterion in self.policy.criterion_ids
                ]
            },
            "add up to 0: give at least one criterion a Weight",
        )
        self.policy.criterion_ids[1:].unlink()
        self.refuse(self.policy.criterion_ids, {"weight": 0}, "add up to 0")

    def test_two_tiers_with_the_same_threshold(self):
        self.refuse(
            self.important,
            {"min_score": 80},
            "VIP and Important .* have the same threshold, 80: change From Score",
        )

    def test_a_better_tier_that_asks_for_less(self):
        self.refuse(self.vip, {"min_score": 50}, "VIP stands above Important.*From Score is 50")

    def test_a_threshold_beyond_the_scale(self):
        for tier, threshold in ((self.potential, -1), (self.vip, 100.01)):
            self.refuse(tier, {"min_score": threshold}, "From Score.*between 0 and 100")

    def test_thresholds_are_swapped_in_one_save(self):
        self.policy.tier_ids = [
            Command.update(self.vip.id, {"min_score": 60, "sequence": 20}),
            Command.update(self.important.id, {"min_score": 80, "sequence": 10}),
        ]
        self.assertEqual(self.policy._get_tiers()[0], self.important)

    def test_a_floor_equal_to_its_cap(self):
        self.refuse(
            self.policy.criterion_ids[0],
            {"scale": "linear", "floor": 5, "cap": 5},
            "Floor and Cap of Revenue cannot be the same",
        )

    def test_bands_without_a_band(self):
        self.refuse(self.policy.criterion_ids[0], {"scale": "bands"}, "Add at least one band")

    def test_two_bands_from_the_same_figure(self):
        criterion = self.policy.criterion_ids[0]
        bands = [Command.create({"threshold": 5, "points": points}) for points in (10, 20)]
        self.refuse(criterion, {"scale": "bands", "band_ids": bands}, "the same From Figure")

    def test_a_metric_judged_twice(self):
        self.refuse(
            self.policy.criterion_ids[0], {"metric": "order_count"}, "can use a metric only once"
        )

    def test_a_period_of_0_months(self):
        for months in (0, -12, 1201):
            self.refuse(self.policy, {"window_months": months}, "Period must be at least 1 month")

    def test_a_tolerance_or_grace_period_out_of_range(self):
        self.refuse(self.policy, {"tolerance": 1.5}, "Tolerance must lie between")
        self.refuse(
            self.policy, {"grace_days": -1}, "Grace Period must be 0 days or more, and 3650"
        )

    def test_numbers_of_segments_out_of_range(self):
        for vals, message in (
            ({"abc_a_share": 0}, "Class A up to must be above 0"),
            ({"abc_a_share": 0.96}, "Class B up to at least as much"),
            ({"abc_b_share": 1.01}, "Class B up to.*100 % at most"),
            ({"top_share": 0}, "Best Customers must be above 0"),
            ({"top_share": 1.01}, "Best Customers.*100 % at most"),
            ({"lapsing_factor": 0}, "Lapsing after must be above 0"),
            ({"lost_factor": 1}, "Lost after at least as much"),
            ({"at_risk_revenue_share": -0.01}, "At Risk below must lie between"),
            ({"at_risk_revenue_share": 1.01}, "At Risk below must lie between"),
        ):
            self.refuse(self.policy, vals, message)

    def test_a_filter_that_is_none(self):
        for text in (
            "nonsense",
            "[('no_such_field', '=', 1)]",
            "__import__('os').getcwd()",
            "[('id', '=', uid)]",
            "7",
            "[('total_invoiced', '>', 0)]",
            "[('id', '=', 'abc')]",
        ):
            self.refuse(self.policy, {"partner_domain": text}, "Customers of policy")

    def test_a_manager_filters_by_what_he_may_search_by(self):
        manager = self.make_member(
            "filtering_manager",
            "customer_tiering.group_tiering_manager,sales_team.group_sale_salesman",
        )
        policy = self.policy.with_user(manager)
        policy.partner_domain = "[('country_id.code', '=', 'BE')]"
        self.refuse(
            policy, {"partner_domain": "[('signup_type', '=', 'x')]"}, "Customers of policy"
        )

    def test_a_branch_has_no_policy_of_its_own(self):
        branch = self.make_company("Northwind Liège", parent=self.company)
        self.refuse(
            self.policy,
            {"company_id": branch.id},
            "Liège is a branch.*Company of policy.*Northwind",
        )

    def test_a_second_active_policy(self):
        spare = self.policy.copy()
        self.assertFalse(spare.active)
        self.assertEqual(len(spare.tier_ids), 4)
        self.refuse(spare, {"active": True}, "already has an active policy")

    def test_no_active_policy(self):
        self.policy.active = False
        with self.assertRaisesRegex(UserError, "archived and ranks nobody"):
            self.policy.evaluate()
        with self.assertRaisesRegex(UserError, "Northwind has no active policy.*unarchive"):
            self.env["customer.standing"].action_recalculate_current_company()
        self.assertFalse(self.policy.evaluation_ids)

    def test_nothing_to_judge_by(self):
        self.policy.criterion_ids.unlink()
        with self.assertRaisesRegex(UserError, "no criteria with a Weight"):
            self.policy.evaluate()
        self.policy.criterion_ids = [Command.create({"metric": "revenue"})]
        self.policy.prospect_tier_id = False
        self.policy.tier_ids.active = False
        with self.assertRaisesRegex(UserError, "no Tiers"):
            self.policy.evaluate()

    def test_a_day_that_is_none(self):
        for day in ("30.06.2026", "", 5, False, float("nan"), "2026-06-30garbage"):
            with self.assertRaisesRegex(UserError, "is not a day: write it as YYYY-MM-DD"):
                self.policy.evaluate(day)

    def test_a_day_far_ahead_by_a_slip_of_the_pen(self):
        with self.assertRaisesRegex(UserError, "more than a year ahead"):
            self.policy.evaluate("2099-06-30")

    def test_a_color_or_code_that_is_none(self):
        self.refuse(self.vip, {"color": 99}, "Color of a tier must be between 0 and 11")
        self.refuse(self.vip, {"code": " "}, "Code of a tier must not be blank")

    def test_a_policy_that_ranked_stays_with_its_company(self):
        south = self.make_company("Southwind")
        self.policy.evaluate("2026-06-30")
        self.policy_of(south).active = False
        self.refuse(self.policy, {"company_id": south.id}, "so its Company stays")

    def test_a_policy_that_ranked_is_archived_and_not_deleted(self):
        self.policy_of(self.make_company("Southwind")).unlink()
        self.make_order(self.make_customer("Acme"), 90, "2026-06-01")
        self.policy.evaluate("2026-06-30")
        with self.assertRaisesRegex(UserError, "archive it instead of deleting it"):
            self.policy.unlink()

    def test_a_tier_in_use_is_archived_and_not_deleted(self):
        acme = self.make_customer("Acme")
        self.make_order(acme, 90, "2026-06-01")
        self.policy.evaluate("2026-06-30")
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self.standing(acme).tier_id.unlink()
