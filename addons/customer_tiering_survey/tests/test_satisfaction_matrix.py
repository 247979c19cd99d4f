from psycopg2.errors import CheckViolation

from odoo.addons.customer_tiering_survey.tools.quadrants import find_means, place
from odoo.exceptions import UserError
from odoo.tests import BaseCase
from odoo.tools import mute_logger

from .common import SurveyCase


class TestQuadrants(BaseCase):
    """Where an aspect lies by its importance and performance."""

    def test_each_quadrant(self):
        figures = [(5, 2), (5, 4), (3, 2), (3, 4)]
        means = find_means(figures)
        self.assertEqual(means, (4, 3))
        self.assertEqual(
            [place(*pair, means) for pair in figures],
            ["improve_first", "keep_up", "low_priority", "overdone"],
        )

    def test_what_equals_the_mean_is_on_the_high_side(self):
        # The mean of three times 3.1 is 3.1 and a bit, or a bit less, in floating point.
        figures = [(3.1, 1.1)] * 3
        means = find_means(figures)
        self.assertEqual({place(*pair, means) for pair in figures}, {"keep_up"})

    def test_an_aspect_with_one_figure_moves_no_line_and_is_not_placed(self):
        figures = [(5, None), (4, 2), (2, 4)]
        means = find_means(figures)
        self.assertEqual(means, (3, 3))
        self.assertIsNone(place(5, None, means))
        self.assertIsNone(find_means([(5, None), (None, 4)]))
        self.assertIsNone(place(5, 4, None))


class TestSatisfactionMatrix(SurveyCase):
    """A survey's aspects, placed by the means of their answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.env["customer.satisfaction.aspect"].create({"name": "Price"})
        cls.matrix_survey = cls.make_survey(
            "Matrix",
            (cls.delivery, "importance"),
            (cls.delivery, "performance"),
            (cls.advice, "importance"),
            (cls.advice, "performance"),
            (cls.price, "importance"),
        )
        cls.bolt = cls.make_customer("Bolt")

    def matrix(self, survey=None):
        survey = survey or self.matrix_survey
        return self.env["customer.satisfaction.matrix"].browse(survey.id)

    def prepare(self, survey=None):
        matrix = self.matrix(survey)
        return matrix._prepare_matrix(matrix._get_figures())

    def test_means_and_quadrants_by_hand(self):
        # Delivery: importance (5 + 4) / 2, performance (2 + 1) / 2; advice: 3 and 4 each time.
        self.answer([5, 2, 3, 4, 5], survey=self.matrix_survey)
        self.answer([4, 1, 3, 4, 5], partner=self.bolt, survey=self.matrix_survey)
        figures = self.matrix()._get_figures()
        self.assertEqual(list(figures), [self.delivery, self.advice, self.price])
        self.assertEqual(
            [(found["importance"], found["performance"]) for found in figures.values()],
            [(4.5, 1.5), (3, 4), (5, None)],
        )
        shown = self.prepare()
        self.assertEqual(
            [
                (row["aspect"], row["quadrant"] and row["quadrant"]["label"])
                for row in shown["rows"]
            ],
            [("Delivery", "Improve first"), ("Advice", "Overdone"), ("Price", None)],
        )
        # Price has no performance, so it moves no line: (4.5 + 3) / 2 and (1.5 + 4) / 2.
        self.assertEqual(
            (shown["picture"]["importance"], shown["picture"]["performance"]), ("3.75", "2.75")
        )
        page = self.matrix().matrix
        self.assertIn("<svg", page)
        self.assertIn("Not placed", page)
        self.assertEqual(self.matrix().answer_count, 2)

    def test_a_mark_lies_in_its_quadrant(self):
        self.answer([5, 2, 3, 4, 5], survey=self.matrix_survey)
        delivery, advice = self.prepare()["picture"]["marks"]
        # The middle of the picture is at 182, 164; y grows downwards.
        self.assertLess(delivery["x"], 182)
        self.assertLess(delivery["y"], 164)
        self.assertGreater(advice["x"], 182)
        self.assertGreater(advice["y"], 164)

    def test_aspects_that_are_equal_share_a_mark_on_the_means(self):
        self.answer([3, 3, 3, 3, 3], survey=self.matrix_survey)
        shown = self.prepare()
        self.assertEqual(shown["picture"]["marks"], [{"x": 182, "y": 164, "text": "1, 2"}])
        self.assertEqual(
            [row["quadrant"] and row["quadrant"]["label"] for row in shown["rows"]],
            ["Keep up", "Keep up", None],
        )

    def test_without_an_answer_there_is_nothing_to_show(self):
        self.answer([5, 2, 3, 4, 5], survey=self.matrix_survey, state="in_progress")
        self.answer([5, 2, 3, 4, 5], survey=self.matrix_survey, test_entry=True)
        self.assertEqual(self.matrix().answer_count, 0)
        self.assertFalse(self.matrix().matrix)

    def test_one_figure_alone_makes_no_matrix(self):
        survey = self.make_survey("Wishes", (self.delivery, "importance"))
        self.answer([4], survey=survey)
        self.assertFalse(self.prepare(survey)["picture"])
        self.assertIn("No matrix yet", self.matrix(survey).matrix)

    def test_the_gap_is_what_was_got_less_what_was_expected(self):
        survey = self.make_survey(
            "Gap",
            (self.delivery, "expectation"),
            (self.delivery, "perception"),
        )
        self.answer([5, 3], survey=survey)
        self.answer([4, 3], partner=self.bolt, survey=survey)
        # Without an expectation there is no gap: -2 and -1 are left.
        self.answer([None, 5], survey=survey)
        (found,) = self.matrix(survey)._get_figures().values()
        self.assertEqual((found["expectation"], found["gap"]), (4.5, -1.5))
        self.assertAlmostEqual(found["perception"], 11 / 3)
        self.assertIn("-1.50", self.matrix(survey).matrix)

    def test_two_questions_about_one_aspect_are_averaged_within_the_answer(self):
        survey = self.make_survey(
            "Twice", (self.delivery, "performance"), (self.delivery, "performance", 0, 10)
        )
        self.answer([5, 5], survey=survey)
        self.answer([2, None], partner=self.bolt, survey=survey)
        # (5 + 3) / 2 = 4 and 2.
        self.assertEqual(self.matrix(survey)._get_figures()[self.delivery]["performance"], 3)

    def test_the_analysis_by_tier_and_month(self):
        self.answer([5, 2, 3, 4, 5], survey=self.matrix_survey)
        self.answer([4, 1, 3, 4, 5], partner=self.bolt, survey=self.matrix_survey)
        self.standing(self.acme).tier_id = self.ordinary
        self.answer([4, 3, 3, 4, 5], survey=self.matrix_survey, moment="2026-07-05 12:00:00")
        rows = self.env["customer.satisfaction.report"]._read_group(
            [("survey_id", "=", self.matrix_survey.id), ("aspect_id", "=", self.delivery.id)],
            ["date:month", "customer_tier_id"],
            ["performance:avg"],
        )
        none = self.env["customer.tier"]
        self.assertEqual(
            [(moment.month, tier, mean) for moment, tier, mean in rows],
            [(6, self.vip, 2), (6, none, 1), (7, self.ordinary, 3)],
        )

    def test_the_survey_that_comes_along_has_five_aspects(self):
        survey = self.env.ref("customer_tiering_survey.satisfaction_survey")
        roles = survey.question_ids.mapped("satisfaction_role")
        self.assertEqual((roles.count("importance"), roles.count("performance")), (5, 5))
        self.assertEqual(len(survey.question_ids.satisfaction_aspect_id), 5)
        self.assertFalse(survey.user_input_ids)
        self.assertFalse(self.env["customer.service.level"].search([("survey_id", "=", survey.id)]))

    def test_a_question_on_the_whole_has_no_place_in_the_matrix(self):
        survey = self.make_survey(
            "Whole", (self.delivery, "importance"), (self.price, "performance")
        )
        survey.question_ids[1].satisfaction_aspect_id = False
        self.answer([4, 3], survey=survey)
        self.assertEqual(list(self.matrix(survey)._get_figures()), [self.delivery])

    def test_an_aspect_that_is_asked_about_is_archived_instead(self):
        with self.assertRaisesRegex(UserError, "Delivery is asked about in How are we"):
            self.delivery.unlink()
        self.survey.question_ids.unlink()
        self.matrix_survey.question_ids.unlink()
        self.delivery.unlink()
        self.assertFalse(self.delivery.exists())

    def test_only_scales_with_a_role_are_analysed(self):
        question = self.survey.question_ids
        for vals in ({"satisfaction_role": False}, {"question_type": "text_box"}):
            with (
                self.subTest(vals),
                self.assertRaises(CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                question.write(vals)
                question.flush_recordset()
            question.invalidate_recordset()
