from unittest.mock import patch

from odoo.addons.customer_tiering_survey.models import customer_service_level
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from .common import SurveyCase


class TestSurveyRhythm(SurveyCase):
    """Customers of a tier are invited at the rhythm of its level, and never sooner."""

    def test_a_customer_is_invited_once(self):
        self.send()
        invitation = self.invitations()
        self.assertEqual(invitation.partner_id, self.acme)
        self.assertEqual(invitation.survey_id, self.survey)
        self.assertEqual(invitation.company_id, self.company)
        self.assertEqual(invitation.customer_tier_id, self.vip)
        self.assertEqual(invitation.state, "new")
        self.assertEqual(self.mails().state, "outgoing")
        self.assertEqual(self.mails().recipient_ids, self.acme)
        self.assertIn(invitation.access_token, self.mails().body_html)
        self.send()
        self.assertEqual(self.invitations(), invitation)

    def test_one_companys_trouble_keeps_no_other_waiting(self):
        levels = type(self.env["customer.service.level"])
        find = levels._find_due
        south = self.make_company("Southwind")

        def find_or_fail(level, company, customer_ids=None):
            if company == south:
                raise KeyError("gone")
            return find(level, company, customer_ids)

        self.patch(levels, "_find_due", find_or_fail)
        self.patch(levels, "_get_sending_companies", lambda level: south | self.company)
        with mute_logger("odoo.addons.customer_tiering.models.customer_tier_policy"):
            self.send()
        self.assertEqual(self.invitations().partner_id, self.acme)
        policy = self.policy_of(south)
        self.assertEqual(policy.failure_message, "Selecting customers for surveys: 'gone'")

    def test_again_when_the_days_are_over(self):
        self.send()
        self.days_pass(89)
        self.send()
        self.assertEqual(len(self.invitations()), 1)
        self.days_pass(1)
        self.send()
        self.assertEqual(len(self.invitations()), 2)
        self.assertEqual(len(self.mails()), 2)

    def test_others_are_not_asked(self):
        bolt = self.make_customer("Bolt", email="office@bolt.example")
        self.make_order(bolt, 10, "2026-06-01")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(bolt).tier_id, self.potential)
        self.send()
        self.assertFalse(self.invitations(bolt))

    def test_nothing_is_sent_unless_a_level_says_so(self):
        self.assertEqual(self.env["customer.service.level"].create({"name": "New"}).survey_days, 0)
        self.level.survey_days = 0
        self.send()
        self.assertFalse(self.invitations())
        self.level.survey_days = 90
        self.level.active = False
        self.send()
        self.assertFalse(self.invitations())

    def test_a_survey_that_is_closed_or_empty_is_not_sent(self):
        self.survey.active = False
        self.send()
        self.assertFalse(self.invitations())
        self.survey.active = True
        self.survey.question_ids.unlink()
        self.send()
        self.assertFalse(self.invitations())

    def test_another_tier_with_another_survey_goes_on_from_the_last_invitation(self):
        other = self.make_survey("What now?", (self.advice, "performance"))
        self.make_level(self.important, other, 20)
        self.send()
        self.days_pass(19)
        self.env["customer.tier.override"].create(
            {
                "partner_id": self.acme.id,
                "company_id": self.company.id,
                "tier_id": self.important.id,
                "reason": "Agreed with the customer",
            }
        )
        self.policy.evaluate()
        self.assertEqual(self.standing(self.acme).tier_id, self.important)
        self.send()
        self.assertEqual(self.invitations().survey_id, self.survey)
        self.days_pass(1)
        self.send()
        self.assertEqual(self.invitations().mapped("survey_id"), self.survey + other)
        self.assertEqual(len(self.invitations()), 2)

    def test_a_level_with_another_survey_goes_on_from_the_last_invitation(self):
        # Without a question on satisfaction, only the company tells that the level sent it.
        self.survey.question_ids.write(
            {"satisfaction_aspect_id": False, "satisfaction_role": False}
        )
        self.send()
        self.level.survey_id = self.make_survey("What now?", (self.advice, "performance"))
        self.send()
        self.assertEqual(self.invitations().survey_id, self.survey)

    def test_an_invitation_by_hand_counts_for_the_company(self):
        buyer = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.acme.id, "email": "buyer@acme.example"}
        )
        invite = self.env["survey.invite"].create(
            {
                "survey_id": self.survey.id,
                "partner_ids": buyer.ids,
                "subject": "Please",
                "body": "Tell us",
            }
        )
        invite.action_invite()
        self.assertEqual(self.invitations().company_id, self.company)
        self.send()
        self.assertEqual(self.invitations().partner_id, buyer)

    def test_another_survey_by_hand_does_not_count(self):
        quiz = self.env["survey.survey"].create({"title": "Quiz", "access_mode": "token"})
        invite = self.env["survey.invite"].create(
            {"survey_id": quiz.id, "partner_ids": self.acme.ids, "subject": "Quiz", "body": "Play"}
        )
        invite.action_invite()
        self.assertFalse(self.invitations().company_id)
        self.send()
        self.assertEqual(self.invitations().survey_id, quiz + self.survey)

    def test_who_answered_uninvited_has_been_asked(self):
        self.answer([4], company_id=False)
        self.send()
        self.assertEqual(len(self.invitations()), 1)

    def test_a_trial_of_the_survey_is_no_invitation(self):
        self.answer([4], test_entry=True)
        self.send()
        self.assertEqual(len(self.invitations()), 2)

    def test_each_company_has_its_own_rhythm(self):
        south = self.make_company("Southwind")
        policy = self.policy_of(south)
        self.judge_by_revenue(policy)
        self.make_order(self.acme, 90, "2026-06-01", company=south)
        policy.evaluate("2026-06-30")
        self.send()
        self.make_level(policy._get_tiers()[0], self.survey, 90)
        self.send()
        self.send()
        self.assertEqual(self.invitations().mapped("company_id"), self.company + south)
        self.assertEqual(len(self.invitations()), 2)
        self.assertEqual(
            sorted(mail.email_from for mail in self.mails()),
            sorted(
                company.email_formatted or self.env.user.email_formatted
                for company in self.company + south
            ),
        )

    def test_an_error_at_the_mail_leaves_no_invitation(self):
        bolt = self.make_vip("Bolt", email="office@bolt.example")
        self.policy.evaluate("2026-06-30")
        self.patch(customer_service_level, "BATCH", 1)
        template = self.registry["mail.template"]
        send, calls = template.send_mail_batch, []

        def send_once(records, *args, **kwargs):
            calls.append(records)
            if len(calls) > 1:
                raise ConnectionError("The mail could not be made")
            return send(records, *args, **kwargs)

        with (
            patch.object(template, "send_mail_batch", send_once),
            mute_logger("odoo.addons.customer_tiering.models.customer_tier_policy"),
        ):
            self.send()
        self.assertIn("Sending surveys: The mail could not", self.policy.failure_message)
        self.env.invalidate_all()
        self.assertEqual((len(self.invitations()), len(self.mails())), (1, 1))
        self.assertEqual((len(self.invitations(bolt)), len(self.mails(bolt))), (0, 0))
        self.send()
        self.assertEqual((len(self.invitations()), len(self.mails())), (1, 1))
        self.assertEqual((len(self.invitations(bolt)), len(self.mails(bolt))), (1, 1))

    def test_when_the_time_is_up_the_rest_waits(self):
        bolt = self.make_vip("Bolt", email="office@bolt.example")
        self.policy.evaluate("2026-06-30")
        self.patch(customer_service_level, "BATCH", 1)
        progress = []

        def no_time(_actions, processed=0, remaining=None):
            progress.append((processed, remaining))
            return 0

        with patch.object(self.registry["ir.cron"], "_commit_progress", no_time):
            self.env["customer.service.level"]._cron_send_surveys()
        self.assertEqual(progress, [(0, 2), (1, None)])
        self.assertEqual((len(self.invitations()), len(self.invitations(bolt))), (1, 0))
        self.send()
        self.assertEqual((len(self.invitations()), len(self.invitations(bolt))), (1, 1))

    def test_who_was_invited_meanwhile_is_passed_over(self):
        levels = self.env["customer.service.level"]
        self.assertEqual(
            levels._find_due(self.company), [(self.acme.id, self.acme.id, self.survey.id)]
        )
        self.answer([4])
        levels._invite(self.company, self.acme.ids)
        self.assertEqual(len(self.invitations()), 1)

    def test_what_a_level_cannot_send_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "select a Satisfaction Survey"):
            self.level.survey_id = False
        with self.assertRaisesRegex(ValidationError, "Require Login"):
            self.level.survey_id = self.make_survey("Members", users_login_required=True)

    def test_a_survey_that_wants_a_login_later_is_not_sent(self):
        self.survey.users_login_required = True
        self.send()
        self.assertFalse(self.invitations())
