from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import FIVEFOLD, NINEFOLD, THRICE, TWICE, SelectionCase


class TestPreparing(SelectionCase):
    def test_it_begins_with_eight_steps_and_ends_its_preparation_by_five(self):
        steps = self.selection.step_ids
        self.assertEqual(len(steps), 8)
        self.assertFalse(any(steps.mapped("done_on")))
        self.selection.action_start_judging()
        done = steps.filtered("done_on")
        self.assertEqual(done.mapped("code"), ["need", "goals", "criteria", "team", "invitation"])
        self.assertEqual(done.user_id, self.buyer)

    def test_each_judge_gets_all_comparisons_and_is_asked(self):
        self.selection.action_start_judging()
        for judge in self.selection.judge_ids:
            self.assertEqual(
                judge.comparison_ids.sorted("sequence").mapped("display_name"),
                ["Criteria", "Vendors by Quality", "Vendors by Delivery", "Vendors by Cost"],
            )
            self.assertEqual((judge.judged_count, judge.pair_count), (0, 12))
        self.assertEqual(self.selection.activity_ids.user_id, self.buyer + self.colleague)

    def test_what_is_missing_is_said(self):
        for vals, words in (
            ({"candidate_ids": [Command.clear()]}, "two candidates"),
            ({"criterion_ids": [Command.clear()]}, "criteria"),
            ({"judge_ids": [Command.clear()]}, "judge"),
        ):
            selection = self.make_selection()
            selection.write(vals)
            with self.assertRaisesRegex(UserError, words):
                selection.action_start_judging()

    def test_all_that_is_missing_is_said_at_once(self):
        empty = self.make_selection(criteria=())
        empty.write({"candidate_ids": [Command.clear()], "judge_ids": [Command.clear()]})
        with self.assertRaisesRegex(UserError, "two candidates.*\n.*criteria.*\n.*judge"):
            empty.action_start_judging()

    def test_once_judged_it_is_changed_in_preparation_only(self):
        self.selection.action_start_judging()
        self.judge(self.buyer, TWICE, TWICE, TWICE)
        quality = self.selection.criterion_ids[0]
        for attempt in (
            lambda: quality.write({"name": "Taste"}),
            lambda: quality.unlink(),
            lambda: self.selection.candidate_ids[0].unlink(),
            lambda: self.selection.judge_ids[0].write({"weight": 5}),
        ):
            with self.assertRaisesRegex(UserError, "Prepare Again"):
                attempt()
        self.selection.action_prepare_again()
        quality.unlink()
        self.selection.action_start_judging()
        # What remains is judged as before.
        self.assertEqual(self.comparison_of(self.buyer).judged_count, 1)

    def test_criteria_are_a_tree(self):
        quality, delivery, cost = self.selection.criterion_ids
        taste = quality.create(
            {"name": "Taste", "selection_id": self.selection.id, "parent_id": quality.id}
        )
        self.assertEqual(taste.display_name, "Quality / Taste")
        self.assertEqual(
            self.selection.criterion_ids.sorted("place").mapped("name"),
            ["Quality", "Taste", "Delivery", "Cost"],
        )
        with self.assertRaisesRegex(ValidationError, "part of itself"):
            quality.parent_id = taste
        other = self.make_selection()
        with self.assertRaisesRegex(ValidationError, "another selection"):
            taste.parent_id = other.criterion_ids[0]
        with self.assertRaisesRegex(ValidationError, "At most 9"):
            self.selection.criterion_ids = [
                Command.create({"name": f"Criterion {number}"}) for number in range(9)
            ]
        self.assertFalse((delivery + cost).child_ids)

    def test_a_figure_needs_two_ends_of_its_scale(self):
        with self.assertRaisesRegex(ValidationError, "must differ"):
            self.make_selection([self.figure("Price", 5, 5)])

    def test_a_contact_is_no_candidate_and_a_bid_is_its_own(self):
        contact = self.make_vendor("Sales Desk", parent_id=self.mills[0].id, is_company=False)
        with self.assertRaisesRegex(ValidationError, "choose the company"):
            self.selection.candidate_ids = [Command.create({"partner_id": contact.id})]
        order = self.env["purchase.order"].create({"partner_id": self.mills[1].id})
        with self.assertRaisesRegex(ValidationError, "is a bid of River Mill"):
            self.selection.candidate_ids[0].purchase_order_id = order

    def test_usual_criteria_are_a_beginning(self):
        selection = self.make_selection(criteria=())
        selection.action_add_usual_criteria()
        self.assertEqual(len(selection.criterion_ids), 6)
        selection.action_start_judging()
        with self.assertRaises(UserError):
            selection.action_add_usual_criteria()

    def test_a_copy_has_the_criteria_and_the_team_and_no_judgements(self):
        self.selection.criterion_ids[1].parent_id = self.selection.criterion_ids[0]
        self.selection.action_start_judging()
        copied = self.selection.copy()
        self.assertEqual(copied.state, "draft")
        self.assertEqual(
            copied.criterion_ids.sorted("place").mapped("display_name"),
            ["Quality", "Quality / Delivery", "Cost"],
        )
        self.assertEqual(copied.judge_ids.user_id, self.buyer + self.colleague)
        self.assertFalse(copied.comparison_ids)
        self.assertEqual(len(copied.step_ids), 8)

    def test_it_is_prepared_in_a_form(self):
        form = Form(self.env["vendor.selection"])
        form.name = "Sugar"
        with form.candidate_ids.new() as line:
            line.partner_id = self.mills[0]
        with form.judge_ids.new() as line:
            line.user_id = self.buyer
        selection = form.save()
        self.assertEqual(selection.company_id, self.company)
        self.assertEqual(selection.candidate_ids.partner_id, self.mills[0])


class TestJudging(SelectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.selection.action_start_judging()

    def test_a_judgement_is_kept_once_whichever_comes_first(self):
        comparison = self.comparison_of(self.buyer)
        first, second, _third = comparison._get_elements().ids
        comparison.judge([[first, second, THRICE]])
        comparison.judge([[second, first, FIVEFOLD]])
        [judgement] = comparison.judgement_ids
        self.assertEqual(judgement.step, -FIVEFOLD)
        self.assertAlmostEqual(judgement.ratio, 1 / 5)
        comparison.judge([[first, second, None]])
        self.assertFalse(comparison.judgement_ids)

    def test_nobody_judges_for_another(self):
        comparison = self.comparison_of(self.buyer)
        ids = comparison._get_elements().ids
        with self.assertRaisesRegex(AccessError, "Only vmi buyer"):
            comparison.with_user(self.colleague).judge([[*ids[:2], 1]])
        manager = self.make_buyer("manager", self.company, "purchase.group_purchase_manager")
        with self.assertRaises(AccessError):
            comparison.with_user(manager).judge([[*ids[:2], 1]])

    def test_hostile_judgements(self):
        comparison = self.comparison_of(self.buyer)
        first, second, third = comparison._get_elements().ids
        strange = self.make_selection().criterion_ids[0].id
        for judgement in (
            [first, first, 1], [first, strange, 1], [first, second], "abc", None, 7,
            [first, second, 9], [first, second, 1.5], [first, second, "3"], [first, second, True],
            [[first], second, 1], [first, {}, 1],
        ):  # fmt: skip
            with self.subTest(judgement=judgement), self.assertRaises(ValidationError):
                comparison.judge([[second, third, 1], judgement])
        with self.assertRaises(ValidationError):
            comparison.judge("what")
        self.assertEqual(comparison.judged_count, 0)

    def test_a_step_off_the_scale_is_refused_by_the_database_as_well(self):
        self.judge(self.buyer, 1)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.comparison_of(self.buyer).judgement_ids.sudo().write({"step": 12})
            self.env.flush_all()

    def test_contradictions_are_flagged_and_mended_by_the_coach(self):
        data = self.judge(self.buyer, TWICE, -THRICE - 1, TWICE)
        comparison = self.comparison_of(self.buyer)
        self.assertEqual(comparison.status, "inconsistent")
        self.assertTrue(data["is_inconsistent"])
        self.assertEqual(data["circles"], ["Quality > Delivery > Cost > Quality"])
        [advice, *_others] = comparison.get_advice()
        [change] = advice["changes"]
        self.assertEqual(change["held"], "Cost 4 : 1 Quality")
        self.assertEqual(change["text"], "Quality 4 : 1 Cost")
        self.assertTrue(advice["mends"])
        comparison.judge([[change["first"], change["second"], change["step"]]])
        self.assertEqual(comparison.status, "done")
        self.assertEqual(comparison.cr, 0)
        self.assertEqual(comparison.get_advice(), [])

    def test_the_coach_says_whether_another_vendor_leads_then(self):
        selection = self.make_selection(
            [self.figure("Quality"), self.figure("Delivery"), self.figure("Cost", 200, 100)],
            judges=self.buyer,
        )
        selection.action_start_judging()
        # River is best by quality, Hill by cost.
        self.rate("Quality", 10, 95, 30, selection=selection)
        self.rate("Delivery", 50, 50, 50, selection=selection)
        self.rate("Cost", 190, 180, 110, selection=selection)
        self.judge(self.buyer, TWICE, -THRICE - 1, TWICE, selection=selection)
        self.assertEqual(self.ranking(selection)[0], "Hill")
        [advice, *_others] = self.comparison_of(self.buyer, selection=selection).get_advice()
        self.assertTrue(advice["changes_winner"])
        self.assertEqual(advice["effect"], "River Mill leads then.")

    def test_the_result_comes_with_the_last_missing_judgement(self):
        self.judge(self.buyer, TWICE, TWICE, 0)
        self.assertTrue(self.selection.result["scores"])
        self.judge(self.buyer, TWICE, FIVEFOLD, TWICE, criterion="Quality")
        self.judge(self.buyer, TWICE, FIVEFOLD, TWICE, criterion="Delivery")
        self.judge(self.buyer, TWICE, FIVEFOLD, TWICE, criterion="Cost")
        self.assertEqual(self.ranking(), ["Valley", "River", "Hill"])
        self.assertEqual(self.selection.candidate_ids.sorted("rank")[0].score, 1)
        self.assertIn("Pairs still to be judged: 12.", self.selection.concerns)
        steps = self.selection.step_ids
        self.assertFalse(steps.filtered(lambda step: step.code == "judgement").done_on)
        for criterion in (None, "Quality", "Delivery", "Cost"):
            self.judge(self.colleague, TWICE, FIVEFOLD, TWICE, criterion=criterion)
        self.assertFalse(self.selection.concerns)
        self.assertTrue(steps.filtered(lambda step: step.code == "judgement").done_on)
        self.assertFalse(self.selection.activity_ids)

    def test_two_judges_meet_in_the_middle_and_their_spread_is_shown(self):
        self.judge(self.buyer, NINEFOLD, NINEFOLD, 0)
        self.judge(self.colleague, -NINEFOLD, 0, NINEFOLD)
        weights = self.selection.criterion_ids.mapped("local_weight")
        self.assertAlmostEqual(weights[0], weights[1], places=4)
        for criterion in ("Quality", "Delivery", "Cost"):
            self.judge(self.buyer, 0, 0, 0, criterion=criterion)
        node = self.selection.result_page["nodes"][0]
        self.assertEqual([len(judge["weights"]) for judge in node["judges"]], [3, 3])
        self.assertIn("Quality and Delivery: by a factor of 81.0", node["quarrel"])

    def test_an_incomplete_comparison_has_weights_and_no_consistency(self):
        data = self.judge(self.buyer, TWICE, THRICE)
        self.assertIsNone(data["cr"])
        self.assertEqual([round(each["weight"], 4) for each in data["elements"]],
                         [0.5455, 0.2727, 0.1818])  # fmt: skip
        self.assertEqual(self.comparison_of(self.buyer).status, "open")

    def test_the_next_comparison_is_the_next_open_one(self):
        first = self.comparison_of(self.buyer)
        self.judge(self.buyer, 0, 0, 0, criterion="Quality")
        self.assertEqual(
            first.action_open_next()["res_id"], self.comparison_of(self.buyer, "Delivery").id
        )
        self.assertEqual(self.selection.with_user(self.buyer).action_judge()["res_id"], first.id)
        stranger = self.make_buyer("stranger", self.company)
        with self.assertRaisesRegex(UserError, "no judge"):
            self.selection.with_user(stranger).action_judge()

    def test_who_has_judged_all_is_asked_for_no_more(self):
        seen = self.selection.with_user(self.buyer)
        self.assertTrue(seen.has_comparisons_left)
        for criterion in (None, "Quality", "Delivery", "Cost"):
            self.judge(self.buyer, 0, 0, 0, criterion=criterion)
        self.assertFalse(seen.has_comparisons_left)
        self.judge(self.buyer, 8, -8, 8, criterion="Cost")
        self.assertTrue(seen.has_comparisons_left, "what contradicts itself is to be looked at")


class TestResult(SelectionCase):
    def test_figures_on_their_scales_and_weights_by_hand(self):
        selection = self.judged_by_figures()
        sums = (1 + 1 / 2 + 1 / 5, 2 + 1 + 1 / 2, 5 + 2 + 1)
        quality = (1 / sums[0] + 2 / sums[1] + 5 / sums[2]) / 3
        cost = (1 / 5 / sums[0] + 1 / 2 / sums[1] + 1 / sums[2]) / 3
        delivery = 1 - quality - cost
        self.assertAlmostEqual(selection.criterion_ids[0].global_weight, quality, places=6)
        by_hand = {
            "Valley": 0.6 * quality + 0.8 * delivery + 0.5 * cost,
            "River": 0.9 * quality + 0.7 * delivery + 0.4 * cost,
            "Hill": 0.5 * quality + 0.9 * delivery + 0.9 * cost,
        }
        for candidate in selection.candidate_ids:
            name = candidate.partner_id.name.split()[0]
            self.assertAlmostEqual(candidate.score, by_hand[name], places=5)
        self.assertEqual(self.ranking(selection)[0], "River")

    def test_a_copy_of_a_vendor_changes_no_winner(self):
        selection = self.judged_by_figures()
        before = {each.partner_id: each.score for each in selection.candidate_ids}
        twin = self.make_vendor("Twin Mill")
        selection.action_prepare_again()
        selection.candidate_ids = [Command.create({"partner_id": twin.id, "sequence": 9})]
        selection.action_start_judging()
        originals = selection.figure_ids.filtered(lambda rating: rating.partner_id == self.mills[2])
        for rating in originals:
            selection.figure_ids.filtered(
                lambda other, rating=rating: (
                    other.partner_id == twin and other.criterion_id == rating.criterion_id
                )
            ).value = rating.value
        after = {each.partner_id: each.score for each in selection.candidate_ids}
        self.assertEqual(after, {**before, twin: before[self.mills[2]]})

    def test_the_parts_of_a_criterion_share_its_weight(self):
        selection = self.make_selection(
            [self.figure("Quality"), self.figure("Cost", 200, 100)], judges=self.buyer
        )
        quality = selection.criterion_ids[0]
        for name in ("Taste", "Purity"):
            quality.create(
                {
                    "selection_id": selection.id,
                    "parent_id": quality.id,
                    **self.figure(name),
                }
            )
        selection.action_start_judging()
        self.judge(self.buyer, THRICE, selection=selection)
        self.judge(self.buyer, TWICE, criterion="Quality", selection=selection)
        weights = {each.name: each.global_weight for each in selection.criterion_ids}
        for name, weight in (("Quality", 3 / 4), ("Taste", 1 / 2), ("Purity", 1 / 4)):
            self.assertAlmostEqual(weights[name], weight, places=4)
        self.assertEqual(
            set(selection.figure_ids.criterion_id.mapped("name")), {"Taste", "Purity", "Cost"}
        )

    def test_three_methods_and_the_nearest_flip(self):
        selection = self.judged_by_figures()
        page = selection.result_page
        self.assertEqual([each["vendors"] for each in page["winners"]], ["River Mill"] * 3)
        self.assertFalse(page["differs"])
        self.assertRegex(page["flips"][0], r"leads when \w+ weighs [\d.]+ % instead of [\d.]+ %")
        chart = selection.sensitivity_chart
        self.assertEqual(len(chart["criteria"]), 3)
        for line, candidate in zip(
            chart["criteria"][0]["lines"], selection.candidate_ids, strict=True
        ):
            weight = chart["criteria"][0]["weight"]
            self.assertAlmostEqual(
                weight * line["end"] + (1 - weight) * line["start"], candidate.score, places=5
            )

    def test_another_method_and_table_may_be_chosen(self):
        selection = self.judged_by_figures()
        before = selection.comparison_ids[0].cr
        selection.random_index = "saaty2005"
        self.assertAlmostEqual(selection.comparison_ids[0].cr, before * 0.58 / 0.52)
        for method in ("eigenvector", "geometric"):
            selection.method = method
            weights = selection.result["nodes"][0]["methods"][method]["weights"]
            self.assertAlmostEqual(selection.criterion_ids[0].local_weight, weights[0])

    def test_figures_that_are_not_known_count_nothing_and_are_named(self):
        selection = self.judged_by_figures()
        self.rate("Quality", 60, 0, 50, selection=selection)
        self.assertIn("River Mill – Quality", selection.concerns)
        self.assertNotEqual(self.ranking(selection)[0], "River")
        rating = selection.figure_ids.filtered("is_missing")
        rating.is_missing = False
        self.assertNotIn("River Mill – Quality", selection.concerns or "")


class TestChoosing(SelectionCase):
    def choose(self, selection, mill, reason=False):
        candidate = selection.candidate_ids.filtered(lambda each: each.partner_id == mill)
        action = candidate.action_choose()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({"reason": reason}).action_choose()

    def test_the_first_is_chosen_without_more_words(self):
        selection = self.judged_by_figures()
        self.choose(selection, self.mills[1])
        self.assertEqual(selection.state, "chosen")
        self.assertEqual(selection.chosen_partner_id, self.mills[1])
        with self.assertRaisesRegex(UserError, "stays as it was decided"):
            selection.figure_ids[0].value = 1
        with self.assertRaisesRegex(UserError, "record of a decision"):
            selection.with_user(
                self.make_buyer("remover", self.company, "purchase.group_purchase_manager")
            ).unlink()

    def test_another_one_needs_a_reason_and_so_do_contradictions(self):
        selection = self.judged_by_figures()
        with self.assertRaisesRegex(UserError, "Enter the reason"):
            self.choose(selection, self.mills[0])
        self.judge(self.buyer, TWICE, -FIVEFOLD, TWICE, selection=selection)
        leader = selection.candidate_ids.filtered(lambda each: each.rank == 1).partner_id
        with self.assertRaisesRegex(UserError, "Enter the reason"):
            self.choose(selection, leader)
        self.choose(selection, self.mills[0], "The only one with organic flour")
        self.assertEqual(selection.choice_reason, "The only one with organic flour")

    def test_it_ends_in_an_agreement_or_a_request_for_quotation(self):
        selection = self.judged_by_figures()
        with self.assertRaisesRegex(UserError, "Choose a vendor"):
            selection.action_create_agreement()
        self.choose(selection, self.mills[1])
        action = selection.action_create_agreement()
        agreement = self.env["vmi.agreement"].browse(action["res_id"])
        self.assertEqual((agreement.partner_id, agreement.state), (self.mills[1], "draft"))
        self.assertEqual(selection.state, "agreed")
        # Once more opens the same.
        self.assertEqual(selection.action_create_agreement()["res_id"], agreement.id)
        selection.action_create_rfq()
        self.assertEqual(selection.purchase_order_id.partner_id, self.mills[1])
        self.assertTrue(all(selection.step_ids.mapped("done_on")))

    def test_it_ends_without_a_choice(self):
        self.selection.action_start_judging()
        self.selection.action_cancel()
        self.assertEqual(self.selection.state, "cancelled")
        self.assertFalse(self.selection.activity_ids)
        with self.assertRaises(UserError):
            self.judge(self.buyer, 1)


class TestStarting(SelectionCase):
    def make_bid(self, vendor, price):
        return self.env["purchase.order"].create(
            {
                "partner_id": vendor.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.screws.id, "product_qty": 10, "price_unit": price}
                    )
                ],
            }
        )

    def test_from_bids_side_by_side_each_vendor_with_its_cheapest(self):
        cheap, dear, other = (
            self.make_bid(self.mills[0], 3), self.make_bid(self.mills[0], 4),
            self.make_bid(self.mills[1], 5),
        )  # fmt: skip
        action = (dear + cheap + other).action_select_vendor()
        selection = self.env["vendor.selection"].browse(action["res_id"])
        self.assertEqual(selection.candidate_ids.purchase_order_id, cheap + other)
        self.assertEqual(selection.judge_ids.user_id, self.buyer)
        self.assertEqual(sorted(selection.candidate_ids.mapped("bid_amount")), [30, 50])
        # The same bids open the same selection.
        self.assertEqual(cheap.action_select_vendor()["res_id"], selection.id)
        cheap.button_confirm()
        with self.assertRaisesRegex(UserError, "before the order"):
            cheap.action_select_vendor()

    def test_what_bids_cost_and_how_long_they_take_is_filled_in(self):
        bids = self.make_bid(self.mills[0], 3) + self.make_bid(self.mills[1], 5)
        selection = self.env["vendor.selection"].browse(bids.action_select_vendor()["res_id"])
        selection.criterion_ids = [
            Command.create(
                {"name": "Cost", "rating": "figure", "measure": "bid_amount", "worst": 60,
                 "best": 20}
            )
        ]  # fmt: skip
        selection.action_start_judging()
        self.assertEqual(
            {rating.partner_id: rating.points for rating in selection.figure_ids},
            {self.mills[0]: 0.75, self.mills[1]: 0.25},
        )
        # One criterion needs no judgement.
        self.assertEqual(selection.leader_names, "Valley Mill")
        selection.figure_ids[0].value = 60
        selection.action_fill_figures()
        self.assertEqual(selection.figure_ids[0].value, selection.figure_ids[0].measured_value)

    def test_the_scorecard_fills_in_what_it_counts_on_its_own_scale(self):
        scorecard = self.env["vendor.scorecard"].sudo()._make_default(self.company)
        scorecard.criterion_ids.filtered(lambda each: each.measure == "otif").write(
            {"scale": "linear", "floor": 0.5, "cap": 0.9}
        )
        for mill, is_counted in ((self.mills[0], True), (self.mills[1], False)):
            self.env["vendor.standing"].sudo().create(
                {
                    "partner_id": mill.id,
                    "company_id": self.company.id,
                    "scorecard_id": scorecard.id,
                    "criterion_ids": [
                        Command.create(
                            {"measure": "otif", "value": 0.8, "base": 12, "is_counted": is_counted}
                        )
                    ],
                }
            )
        form = Form(
            self.env["vendor.selection.criterion"].with_context(
                default_selection_id=self.selection.id
            )
        )
        form.name, form.rating, form.measure = "In time", "figure", "otif"
        self.assertEqual((form.worst, form.best), (50, 90))
        criterion = form.save()
        self.selection.action_start_judging()
        ratings = {
            rating.partner_id: rating
            for rating in self.selection.figure_ids
            if rating.criterion_id == criterion
        }
        valley, river = ratings[self.mills[0]], ratings[self.mills[1]]
        self.assertEqual((valley.value, valley.points, valley.measured_base), (80, 0.75, 12))
        self.assertTrue(river.is_missing)

    def test_the_others_are_asked_for_bids(self):
        first = self.make_bid(self.mills[0], 3)
        selection = self.env["vendor.selection"].browse(first.action_select_vendor()["res_id"])
        selection.candidate_ids = [Command.create({"partner_id": self.mills[1].id})]
        selection.action_invite()
        bid = selection.candidate_ids.purchase_order_id - first
        self.assertEqual(bid.partner_id, self.mills[1])
        self.assertEqual(bid.order_line.product_qty, 10)
        invitation = selection.step_ids.filtered(lambda step: step.code == "invitation")
        self.assertTrue(invitation.done_on)
        with self.assertRaisesRegex(UserError, "has a bid already"):
            selection.action_invite()

    def test_from_a_category_with_its_vendors(self):
        category = self.env["product.category"].sudo().create({"name": "Flours"})
        flour = self.make_product("Flour", self.mills[0])
        flour.sudo().categ_id = category
        self.add_seller(flour, self.mills[1])
        action = category.with_user(self.buyer).action_select_vendor()
        selection = self.env["vendor.selection"].browse(action["res_id"])
        self.assertEqual(selection.candidate_ids.partner_id, self.mills[:2])
        with self.assertRaisesRegex(UserError, "No other vendor"):
            selection.action_add_vendors()
