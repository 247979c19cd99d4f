from odoo.fields import Command

from .common import SurveyCase


class TestSurveyAnswers(SurveyCase):
    """Answers count for the figure Satisfaction, each as one rating from 1 to 5."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "satisfaction", "scale": "linear", "floor": 0, "cap": 1}),
        ]

    def figure(self):
        self.policy.evaluate("2026-06-30")
        return self.standing(self.acme).components[0]["figure"]

    def test_what_was_experienced_counts_and_what_was_wished_does_not(self):
        survey = self.make_survey(
            "All four",
            (self.delivery, "importance"),
            (self.delivery, "performance"),
            (self.advice, "expectation", 0, 10),
            (self.advice, "perception", 0, 10),
        )
        # 5 of 1 to 5 is 5; 5 of 0 to 10 is the middle, 3. Their mean is 4, and 4 of 5 is 80 %.
        self.answer([1, 5, 10, 5], survey=survey)
        self.assertEqual(self.figure(), 0.8)

    def test_from_the_invitation_to_the_figure(self):
        self.send()
        invitation = self.invitations()
        invitation._mark_in_progress()
        invitation._save_lines(self.survey.question_ids, "4")
        self.policy.evaluate()
        self.assertIsNone(self.standing(self.acme).components[0]["figure"])
        invitation._mark_done()
        self.policy.evaluate()
        self.assertEqual(self.standing(self.acme).components[0]["figure"], 0.8)

    def test_the_ends_of_a_scale_are_one_and_five(self):
        survey = self.make_survey("Of ten", (self.delivery, "performance", 0, 10))
        lowest = self.answer([0], survey=survey)
        self.assertEqual(self.figure(), 0.2)
        lowest.user_input_line_ids.value_scale = 10
        self.assertEqual(self.figure(), 1)

    def test_answers_of_contacts_count_for_the_customer(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.answer([5])
        self.answer([2], partner=buyer)
        self.assertEqual(self.figure(), 0.7)

    def test_an_answer_weighs_as_much_as_a_rating(self):
        order = self.make_order(self.acme, 1, "2026-06-01")
        self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("sale.order"),
                "res_id": order.id,
                "partner_id": self.acme.id,
                "rating": 2,
                "consumed": True,
            }
        ).rated_on = "2026-06-10 12:00:00"
        self.answer([5])
        self.assertEqual(self.figure(), 0.7)

    def test_only_what_was_answered_counts(self):
        self.answer([5], state="in_progress")
        self.answer([5], test_entry=True)
        self.answer([None])
        self.answer([5], moment="2025-06-30 12:00:00")
        self.answer([5], moment="2026-07-01 12:00:00")
        self.assertIsNone(self.figure())

    def test_an_answer_counts_for_the_company_that_asked(self):
        south = self.make_company("Southwind")
        self.answer([5])
        self.answer([4], company_id=False)
        self.answer([1], company_id=south.id)
        self.assertEqual(self.figure(), 0.9)

    def test_a_further_attempt_belongs_to_the_company_of_the_invitation(self):
        self.survey.write({"is_attempts_limited": True, "attempts_limit": 2})
        self.send()
        first = self.invitations()
        again = self.survey._create_answer(partner=self.acme, invite_token=first.invite_token)
        self.assertEqual(again.company_id, self.company)
        uninvited = self.survey._create_answer(partner=self.acme, check_attempts=False)
        self.assertFalse(uninvited.company_id)

    def test_a_scale_that_became_shorter_keeps_its_ends(self):
        survey = self.make_survey("Of ten", (self.delivery, "performance", 0, 10))
        self.answer([8], survey=survey)
        survey.question_ids.scale_max = 5
        self.assertEqual(self.figure(), 1)
