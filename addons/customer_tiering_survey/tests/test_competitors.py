from psycopg2.errors import CheckViolation

from odoo.addons.customer_tiering_survey.tools.quadrants import lay_out, place_beside
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, new_test_user
from odoo.tools import mute_logger

from .common import SurveyCase


class TestQuadrantsBeside(BaseCase):
    """Where an aspect lies by its importance and its gap to a competitor."""

    def test_each_quadrant(self):
        self.assertEqual(
            [place_beside(*pair, 4) for pair in ((5, -1), (5, 1), (3, -1), (3, 1))],
            ["catch_up", "defend", "minor_weakness", "minor_strength"],
        )

    def test_what_is_on_a_line_is_on_the_high_side(self):
        # 4.1 - 1.1 - 3 is no zero in floating point.
        self.assertEqual(place_beside(4, 4.1 - 1.1 - 3 - 1e-12, 4), "defend")

    def test_what_lacks_a_figure_is_not_placed(self):
        self.assertIsNone(place_beside(None, 1, 4))
        self.assertIsNone(place_beside(5, None, 4))
        self.assertIsNone(place_beside(5, 1, None))

    def test_a_gap_of_nothing_is_in_the_middle(self):
        (mark,) = lay_out([(4, 0), (None, 1)], (4, 0))
        self.assertEqual(mark, {"x": 182, "y": 164, "text": "1"})


class CompetitorCase(SurveyCase):
    """A survey that asks for two aspects, and how a competitor does on them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contest = cls.make_survey(
            "Contest",
            (cls.delivery, "importance"),
            (cls.delivery, "performance"),
            (cls.advice, "importance"),
            (cls.advice, "performance"),
            (None, "competitor"),
            (cls.delivery, "competitor_performance"),
            (cls.advice, "competitor_performance"),
        )
        cls.bolt = cls.make_customer("Bolt")
        cls.harbour = cls.env["customer.competitor"].create({"name": "Harbour Foods"})

    def judge(self, values, **vals):
        return self.answer(values, survey=self.contest, **vals)

    def rows(self, user=None):
        report = self.env["customer.satisfaction.report"].with_user(user or self.env.user)
        return report.search([("survey_id", "=", self.contest.id)])


class TestCompetitorMatrix(CompetitorCase):
    """A competitor's page shows where to catch up and which lead to defend."""

    def test_gaps_and_quadrants_by_hand(self):
        # Delivery: 2 - 4 and 3 - 4; advice: 4 - 3 and 5 - 4.
        self.judge([5, 2, 3, 4, "Harbour Foods", 4, 3])
        self.judge([4, 3, 3, 5, "Harbour Foods", 4, 4], partner=self.bolt)
        figures = self.harbour._get_figures()
        self.assertEqual(list(figures), [self.delivery, self.advice])
        self.assertEqual(
            [tuple(found.values()) for found in figures.values()],
            [(2, 4.5, 2.5, 4, -1.5), (2, 3, 4.5, 3.5, 1)],
        )
        shown = self.harbour._prepare_matrix(figures)
        self.assertEqual(
            [
                (row["aspect"], row["quadrant"]["label"], row["competitive_gap"], row["count"])
                for row in shown["rows"]
            ],
            [
                ("Delivery", "Catch up first", "-1.50", "2"),
                ("Advice", "Minor strength", "+1.00", "2"),
            ],
        )
        self.assertEqual(shown["picture"]["importance"], "3.75")
        self.assertIn("<svg", self.harbour.matrix)
        # (-2 - 1 + 1 + 1) / 4.
        self.assertEqual(self.harbour.competitive_gap, -0.25)
        self.assertEqual((self.harbour.customer_count, self.harbour.answer_count), (2, 2))

    def test_a_mark_lies_in_its_quadrant(self):
        self.judge([5, 2, 3, 4, "Harbour Foods", 4, 3])
        shown = self.harbour._prepare_matrix(self.harbour._get_figures())
        delivery, advice = shown["picture"]["marks"]
        # The middle of the picture is at 182, 164; y grows downwards.
        self.assertLess(delivery["x"], 182)
        self.assertLess(delivery["y"], 164)
        self.assertGreater(advice["x"], 182)
        self.assertGreater(advice["y"], 164)

    def test_the_gap_needs_both_judgements(self):
        self.judge([5, 2, 3, None, "Harbour Foods", 4, 3])
        self.judge([5, None, 3, None, "Harbour Foods", 1, 3], partner=self.bolt)
        delivery, advice = self.harbour._get_figures().values()
        self.assertEqual((delivery["count"], delivery["competitive_gap"]), (1, -2))
        self.assertEqual((delivery["competitor_performance"], delivery["performance"]), (2.5, 2))
        self.assertEqual((advice["count"], advice["competitive_gap"]), (0, None))
        shown = self.harbour._prepare_matrix(self.harbour._get_figures())
        self.assertEqual(shown["rows"][1]["competitive_gap"], "–")
        self.assertIn("Not placed", self.harbour.matrix)

    def test_each_competitor_has_its_own_answers(self):
        lake = self.env["customer.competitor"].create({"name": "Lake"})
        self.judge([5, 2, 3, 4, "Harbour Foods", 4, 3])
        self.judge([5, 4, 3, 4, "Lake", 1, 1], partner=self.bolt)
        self.judge([5, 4, 3, 4, None, None, None], partner=self.bolt)
        self.assertEqual(self.harbour.competitive_gap, -0.5)
        self.assertEqual((lake.competitive_gap, lake.answer_count), (3, 1))
        self.assertEqual(lake.action_view_report()["domain"], [("competitor_id", "=", lake.id)])

    def test_without_an_answer_there_is_nothing_to_show(self):
        self.judge([5, 2, 3, 4, "Harbour Foods", 4, 3], state="in_progress")
        self.judge([5, 2, 3, 4, "Harbour Foods", 4, 3], test_entry=True)
        self.assertFalse(self.harbour.matrix)
        self.assertEqual(self.harbour.answer_count, 0)

    def test_a_competitors_performance_is_no_satisfaction_with_us(self):
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "satisfaction", "scale": "linear", "floor": 0, "cap": 1}),
        ]
        self.judge([5, 4, 3, 4, "Harbour Foods", 1, 1])
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).components[0]["figure"], 0.8)

    def test_the_analysis_by_competitor_and_tier(self):
        self.judge([5, 2, 3, 4, "harbour foods", 4, 3])
        self.judge([4, 3, 3, 5, "Nobody known", 4, 4], partner=self.bolt)
        found = self.env["customer.satisfaction.report"]._read_group(
            [("survey_id", "=", self.contest.id), ("aspect_id", "=", self.delivery.id)],
            ["competitor_id", "customer_tier_id"],
            ["competitive_gap:avg"],
        )
        none = self.env["customer.competitor"], self.env["customer.tier"]
        self.assertEqual(found, [(self.harbour, self.vip, -2), (*none, -1)])

    def test_the_survey_that_comes_along_asks_for_a_competitor(self):
        questions = self.env.ref("customer_tiering_survey.satisfaction_survey").question_ids
        roles = questions.mapped("satisfaction_role")
        self.assertEqual((roles.count("competitor"), roles.count("competitor_performance")), (1, 5))


class TestCompetitorNames(CompetitorCase):
    """Customers write names as they like, and one name means one competitor."""

    def named(self, text):
        """Return the competitor whom an answer with a name means."""
        answer = self.judge([5, 2, 3, 4, text, 4, 3])
        rows = self.rows().filtered(lambda row: row.user_input_id == answer)
        self.assertEqual(rows.mapped("competitor_name"), [text.strip()] * 2)
        return rows.competitor_id

    def test_case_spaces_and_width_make_no_difference(self):
        full_width = "Ｈａｒｂｏｕｒ Foods"
        for text in ("HARBOUR FOODS", " harbour   foods ", full_width):
            self.assertEqual(self.named(text), self.harbour, text)
        self.assertFalse(self.named("Harbour Food"))

    def test_another_spelling_finds_answers_from_before(self):
        self.assertFalse(self.named("Harbour"))
        self.harbour.spellings = "The Harbour\n  harbour \n\n"
        self.env.invalidate_all()
        self.assertEqual(self.rows().competitor_id, self.harbour)
        self.assertEqual(self.harbour.answer_count, 1)

    def test_a_choice_of_names_with_another_one(self):
        question = self.contest.question_ids.filtered(
            lambda question: question.satisfaction_role == "competitor"
        )
        question.write(
            {
                "question_type": "simple_choice",
                "comments_allowed": True,
                "comment_count_as_answer": True,
                "suggested_answer_ids": [Command.create({"value": "Harbour Foods"})],
            }
        )
        chosen = {
            "answer_type": "suggestion",
            "suggested_answer_id": question.suggested_answer_ids.id,
        }
        written = {"answer_type": "char_box", "value_char_box": "Lake"}
        for vals, name in ((chosen, "Harbour Foods"), (written, "Lake")):
            answer = self.answer([4], state="new")
            answer.write(
                {
                    "survey_id": self.contest.id,
                    "user_input_line_ids": [
                        Command.clear(),
                        Command.create({"question_id": question.id, **vals}),
                        Command.create(
                            {
                                "question_id": self.contest.question_ids[1].id,
                                "answer_type": "scale",
                                "value_scale": 4,
                            }
                        ),
                    ],
                    "state": "done",
                }
            )
            rows = self.rows().filtered(lambda row, answer=answer: row.user_input_id == answer)
            self.assertEqual(rows.competitor_name, name)
        # A comment beside the choice is no name.
        question.comment_count_as_answer = False
        self.env.invalidate_all()
        self.assertEqual(set(self.rows().mapped("competitor_name")), {"Harbour Foods", False})

    def test_a_name_is_there_once(self):
        competitors = self.env["customer.competitor"]
        for vals in (
            {"name": "harbour FOODS"},
            {"name": "Port", "spellings": "Quay\nHarbour  Foods"},
            {"name": " "},
        ):
            with (
                self.subTest(vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.load(competitors, vals)
        port = competitors.create({"name": "Port", "spellings": "Quay"})
        with (
            self.assertRaisesRegex(ValidationError, "“quay” is a spelling of Port and of Quay"),
            self.env.cr.savepoint(),
        ):
            competitors.create({"name": "Quay"})
        # Its own name as a spelling does no harm.
        port.spellings = "Quay\nPORT"

    def load(self, competitors, vals):
        """Create a competitor as an import does, which tells a constraint's message."""
        result = competitors.load(list(vals), [list(vals.values())])
        if not result["ids"]:
            raise ValidationError(result["messages"][0]["message"])

    def test_the_same_one_entered_twice_is_merged(self):
        lake = self.env["customer.competitor"].create({"name": "Lake", "spellings": "Lakeside"})
        for text in ("Lake", "lakeside", "Harbour Foods"):
            self.judge([5, 2, 3, 4, text, 4, 3])
        action = (lake | self.harbour).action_merge()
        self.assertEqual(action["res_id"], self.harbour.id)
        self.assertFalse(lake.exists())
        self.assertEqual(self.harbour.spellings, "Lake\nLakeside")
        self.assertEqual(self.harbour.answer_count, 3)
        with self.assertRaisesRegex(UserError, "Select the competitors"):
            self.harbour.action_merge()

    def test_names_that_customers_wrote_are_taken_over(self):
        for text in ("LAKE", "Lake", "Quay", "Harbour foods"):
            self.judge([5, 2, 3, 4, text, 4, 3])
        # The latest way to write a name is taken.
        action = self.harbour.action_view_unrecognized()
        self.assertEqual(action["views"][0][1], "list")
        self.rows().action_add_competitor()
        self.env.invalidate_all()
        self.assertEqual(
            sorted(self.rows().competitor_id.mapped("display_name")),
            ["Harbour Foods", "Lake", "Quay"],
        )
        with self.assertRaisesRegex(UserError, "not recognized"):
            self.rows().action_add_competitor()

    def test_the_name_is_asked_for_by_a_text_and_judged_on_scales(self):
        name = self.contest.question_ids[4]
        scale = self.contest.question_ids[5]
        for question, vals in (
            (name, {"question_type": "text_box"}),
            (name, {"satisfaction_aspect_id": self.advice.id}),
            (scale, {"question_type": "char_box"}),
            (scale, {"satisfaction_role": "competitor", "satisfaction_aspect_id": False}),
        ):
            with (
                self.subTest(vals),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                question.write(vals)
                question.flush_recordset()
            question.invalidate_recordset()


class TestCompetitorAccess(CompetitorCase):
    """Who sees tiers sees competitors by the answers of the own companies; managers keep them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.make_member("competitor_seller", "sales_team.group_sale_salesman")
        cls.manager = cls.make_member(
            "competitor_manager", "customer_tiering.group_tiering_manager"
        )
        cls.south = cls.make_company("Southwind")
        values = [5, 2, 3, 4, "Harbour Foods", 4, 3]
        cls.answer(values, survey=cls.contest)
        cls.answer([*values[:5], 1, 1], survey=cls.contest, company_id=cls.south.id)

    def test_the_page_counts_the_answers_of_the_own_company(self):
        for user in (self.seller, self.manager):
            harbour = self.harbour.with_user(user)
            # (2 - 4 + 4 - 3) / 2, without Southwind's.
            self.assertEqual((harbour.answer_count, harbour.competitive_gap), (1, -0.5))
            self.assertIn("Catch up first", harbour.matrix)

    def test_a_salesperson_changes_nothing(self):
        harbour = self.harbour.with_user(self.seller)
        for change in (
            lambda: harbour.write({"name": "Mine"}),
            lambda: harbour.create({"name": "Mine"}),
            harbour.unlink,
            (harbour | harbour.sudo().create({"name": "Lake"}).sudo(False)).action_merge,
            self.rows(self.seller).action_add_competitor,
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a_manager_takes_over_names_and_merges(self):
        self.judge([5, 2, 3, 4, "Lake", 4, 3])
        self.judge([5, 2, 3, 4, "Quay", 4, 3], company_id=self.south.id)
        self.rows(self.manager).action_add_competitor()
        lake = self.env["customer.competitor"].search([("name", "in", ["Lake", "Quay"])])
        self.assertEqual(lake.name, "Lake")
        (self.harbour | lake).with_user(self.manager).action_merge()
        self.assertEqual(self.harbour.spellings, "Lake")

    def test_others_read_nothing(self):
        employee = self.make_member("competitor_employee", "base.group_user")
        portal = new_test_user(self.env, "competitor_portal", "base.group_portal")
        for user in (employee, portal):
            self.assertFalse(self.env["customer.competitor"].with_user(user).has_access("read"))

    def test_a_survey_kept_to_some_is_kept_to_them_here_too(self):
        self.contest.restrict_user_ids = self.manager
        self.assertEqual(self.harbour.with_user(self.manager).answer_count, 1)
        self.assertEqual(self.harbour.with_user(self.seller).answer_count, 0)
        self.assertFalse(self.harbour.with_user(self.seller).matrix)
