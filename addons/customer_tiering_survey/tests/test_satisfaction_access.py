from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user

from .common import SurveyCase


class TestSatisfactionAccess(SurveyCase):
    """Who sees tiers sees the satisfaction of the own companies' customers; managers set it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_member("satisfaction_user", "customer_tiering.group_tiering_user")
        cls.manager = cls.make_member(
            "satisfaction_manager", "customer_tiering.group_tiering_manager"
        )
        cls.surveyor = cls.make_member("satisfaction_surveyor", "survey.group_survey_user")
        cls.south = cls.make_company("Southwind")
        cls.answer([5])
        cls.answer([4], company_id=False)
        cls.answer([1], company_id=cls.south.id)

    def read_as(self, user):
        """Return what a user reads of the survey, as the list view does."""
        report = self.env["customer.satisfaction.report"].with_user(user)
        found = report.search([("survey_id", "=", self.survey.id)])
        found.web_read(
            {
                "survey_id": {"fields": {"display_name": {}}},
                "aspect_id": {"fields": {"display_name": {}}},
                "customer_id": {"fields": {"display_name": {}}},
            }
        )
        return sorted(found.mapped("performance"))

    def test_the_answers_of_the_own_companies_and_of_none_are_read(self):
        for user in (self.user, self.manager, self.surveyor):
            self.assertEqual(self.read_as(user), [4, 5], user.login)
            matrix = self.env["customer.satisfaction.matrix"].with_user(user).browse(self.survey.id)
            self.assertEqual(matrix.title, "How are we?")
            self.assertEqual(matrix.answer_count, 2)
            self.assertIn("Delivery", matrix.matrix)

    def test_a_branch_reads_the_roots_answers(self):
        branch = self.make_company("Northwind Ghent", parent=self.company)
        user = new_test_user(
            self.env,
            "satisfaction_branch",
            "customer_tiering.group_tiering_user",
            company_id=branch.id,
            company_ids=branch.ids,
        )
        found = (
            self.env["customer.satisfaction.report"]
            .with_user(user)
            .with_context(allowed_company_ids=branch.ids)
            .search([("survey_id", "=", self.survey.id)])
        )
        self.assertEqual(sorted(found.mapped("performance")), [4, 5])

    def test_who_sees_no_tiers_sees_none_of_answers(self):
        report = self.env["customer.satisfaction.report"].with_user(self.surveyor)
        with self.assertRaises(AccessError):
            report.search([("customer_tier_id", "=", self.vip.id)])
        with self.assertRaises(AccessError):
            report.search([], limit=1).read(["customer_tier_id"])

    def test_others_read_nothing(self):
        employee = self.make_member("satisfaction_employee", "base.group_user")
        portal = new_test_user(self.env, "satisfaction_portal", "base.group_portal")
        for user in (employee, portal):
            for model in (
                "customer.satisfaction.report",
                "customer.satisfaction.matrix",
                "customer.satisfaction.aspect",
            ):
                self.assertFalse(self.env[model].with_user(user).has_access("read"))

    def test_a_survey_kept_to_some_is_kept_to_them_here_too(self):
        self.survey.restrict_user_ids = self.manager
        self.assertEqual(self.read_as(self.manager), [4, 5])
        for user in (self.user, self.surveyor):
            self.assertEqual(self.read_as(user), [])
            matrices = self.env["customer.satisfaction.matrix"].with_user(user)
            self.assertFalse(matrices.search([("id", "=", self.survey.id)]))

    def test_a_manager_without_survey_rights_sets_the_rhythm(self):
        with Form(self.level.with_user(self.manager)) as form:
            form.survey_days = 30
            form.survey_id = self.make_survey("Short", (self.advice, "performance")).with_user(
                self.manager
            )
        self.assertEqual(self.level.survey_days, 30)
        self.assertFalse(self.survey.with_user(self.manager).has_access("write"))
        with self.assertRaises(AccessError):
            self.level.with_user(self.user).survey_days = 1

    def test_a_user_reads_the_level_and_the_filter(self):
        self.acme.email = False
        level = self.level.with_user(self.user)
        self.assertEqual(
            level.web_read({"survey_id": {"fields": {"display_name": {}}}})[0]["survey_id"],
            {"id": self.survey.id, "display_name": "How are we?"},
        )
        standings = self.env["customer.standing"].with_user(self.user)
        found = standings.search([("survey_obstacle", "!=", False)])
        self.assertEqual(found.mapped("survey_obstacle"), ["no_address"])

    def test_the_smart_button_opens_the_matrix(self):
        action = self.survey.with_user(self.surveyor).action_view_satisfaction_matrix()
        self.assertTrue(self.survey.has_satisfaction_aspects)
        opened = self.env[action["res_model"]].with_user(self.surveyor).browse(action["res_id"])
        self.assertEqual(opened.survey_id, self.survey)
        self.assertEqual(
            opened.action_view_report()["domain"], [("survey_id", "=", self.survey.id)]
        )
