from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import FollowupCase


@freeze_time("2026-06-10 12:00:00")
class TestFollowupDone(FollowupCase):
    """A salesperson says how a follow-up went, from the list, the card or the customer's page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.otto = cls.make_member("done_otto", "sales_team.group_sale_salesman")

    def setUp(self):
        super().setUp()
        self.plan()
        self.followup = self.followups(state="planned").with_user(self.anna)

    def finish(self, action, result="They will order next week"):
        """Fill in the dialog that an action opens, and press its button."""
        self.assertEqual(action["target"], "new")
        wizard = self.env[action["res_model"]].with_user(self.anna).browse(action["res_id"])
        with Form(wizard) as form:
            form.result = result
        return wizard.action_done()

    def test_done_in_time_with_what_was_said(self):
        answer = self.finish(self.followup.action_done())
        self.assertEqual(answer["params"]["message"], "1 follow-up done")
        self.assertEqual(self.followup.state, "done")
        self.assertIn("They will order next week", self.acme.message_ids[0].body)
        told = {event["title"]: event["text"] for event in self.standing(self.acme).timeline}
        said = f"{self.anna.name}: They will order next week"
        self.assertEqual(told["Follow-up: Done on time"], said)
        # A colleague who reads the contact reads it too; without words there is the name alone.
        standing = self.standing(self.acme).with_user(self.otto)
        self.assertIn(said, [event["text"] for event in standing.timeline])
        self.followup.sudo().activity_id.feedback = False
        standing.invalidate_recordset(["timeline"])
        self.assertIn(self.anna.name, [event["text"] for event in standing.timeline])

    def test_several_at_once(self):
        bolt = self.make_customer("Bolt", user_id=self.anna.id)
        self.make_order(bolt, 90, "2026-05-01")
        self.policy.evaluate("2026-06-10")
        self.plan()
        both = self.followup | self.followups(bolt, state="planned").with_user(self.anna)
        answer = self.finish(both.action_done(), result=False)
        self.assertEqual(answer["params"]["message"], "2 follow-ups done")
        self.assertEqual(both.mapped("state"), ["done", "done"])

    def test_an_overdue_one_from_the_card_of_my_customers(self):
        self.followup.sudo().date_due = "2026-06-01"
        standing = self.standing(self.acme).with_user(self.anna)
        self.assertEqual(standing.urgency, 40)
        self.finish(standing.action_finish_followup())
        self.assertEqual(self.followup.state, "late")
        standing.invalidate_recordset()
        self.assertNotEqual(standing.urgency, 40)

    def test_nothing_overdue_is_said(self):
        with self.assertRaisesRegex(UserError, "Choose the follow-ups"):
            self.standing(self.acme).with_user(self.anna).action_finish_followup()

    def test_what_was_done_meanwhile_is_named(self):
        action = self.followup.action_done()
        self.followup.activity_id.action_feedback()
        with self.assertRaisesRegex(UserError, "Acme.*Done on time"):
            self.finish(action)

    def test_who_may_not_touch_the_contact_or_see_tiers_may_not_finish(self):
        employee = self.make_member("done_employee", "base.group_user")
        with self.assertRaises(AccessError):
            self.followup.with_user(employee).action_done()
        wizard = (
            self.env["customer.followup.done.wizard"]
            .with_user(self.otto)
            .create({"followup_ids": self.followup.ids})
        )
        # A colleague may: contacts are everybody's.
        wizard.action_done()
        self.assertEqual(self.followup.state, "done")

    def test_another_companys_is_refused(self):
        other = self.make_company("Southwind")
        foreigner = self.make_member("done_foreigner", "sales_team.group_sale_salesman")
        foreigner.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        wizards = self.env["customer.followup.done.wizard"].with_user(foreigner)
        wizards = wizards.with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            wizards.create({"followup_ids": self.followup.ids})
        self.assertEqual(self.followup.state, "planned")

    def test_a_row_opens_the_customer(self):
        action = self.followup.action_open_customer()
        self.assertEqual(action["res_model"], "customer.standing")
        self.assertEqual(action["res_id"], self.standing(self.acme).id)
