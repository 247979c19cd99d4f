from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.fields import Command


class SurveyCase(TieringCase):
    """VIPs who are asked every 90 days, and surveys made and answered in one line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.delivery, cls.advice = cls.env["customer.satisfaction.aspect"].create(
            [{"name": "Delivery"}, {"name": "Advice"}]
        )
        cls.survey = cls.make_survey("How are we?", (cls.delivery, "performance"))
        cls.level = cls.make_level(cls.vip, cls.survey, 90)
        cls.acme = cls.make_vip("Acme", email="office@acme.example")
        cls.policy.evaluate("2026-06-30")

    @classmethod
    def make_survey(cls, title, *questions, **vals):
        """Return a survey with a scale question per (aspect, role[, lowest, highest]).

        The role ``competitor``, without an aspect, asks for a text.
        """
        survey = cls.env["survey.survey"].create({"title": title, "access_mode": "token", **vals})
        for aspect, role, *ends in questions:
            lowest, highest = ends or (1, 5)
            cls.env["survey.question"].create(
                {
                    "survey_id": survey.id,
                    "title": f"{role} of {aspect.name}?" if aspect else f"{role}?",
                    "question_type": "char_box" if role == "competitor" else "scale",
                    "scale_min": lowest,
                    "scale_max": highest,
                    "satisfaction_aspect_id": aspect and aspect.id,
                    "satisfaction_role": role,
                }
            )
        return survey

    @classmethod
    def make_level(cls, tier, survey, days):
        """Return a new service level of a tier."""
        tier.service_level_id = cls.env["customer.service.level"].create(
            {
                "name": f"{tier.name} of {tier.company_id.name}",
                "company_id": tier.company_id.id,
                "survey_id": survey.id,
                "survey_days": days,
            }
        )
        return tier.service_level_id

    @classmethod
    def make_vip(cls, name, company=None, **vals):
        """Return a customer who will be a VIP at the next evaluation."""
        customer = cls.make_customer(name, **vals)
        cls.make_order(customer, 90, "2026-06-01", company=company)
        return customer

    def send(self):
        """Run the scheduled action."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_tiering_survey.ir_cron_send_surveys").method_direct_trigger()
        self.env.invalidate_all()

    def invitations(self, customer=None):
        """Return the invitations of a customer and its contacts, oldest first."""
        customer = customer or self.acme
        return self.env["survey.user_input"].search(
            [("partner_id", "child_of", customer.id)], order="id"
        )

    def mails(self, customer=None):
        """Return the queued mails of a customer's invitations."""
        return self.env["mail.mail"].search(
            [
                ("model", "=", "survey.user_input"),
                ("res_id", "in", self.invitations(customer).ids),
            ]
        )

    def days_pass(self, days):
        """Let all invitations become so many days older."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE survey_user_input SET create_date = create_date - %s * INTERVAL '1 day'",
            [days],
        )
        self.env.invalidate_all()

    @classmethod
    def answer(cls, values, partner=None, survey=None, moment="2026-06-10 12:00:00", **vals):
        """Return a completed answer with a value or text per question, None where skipped."""
        survey = survey or cls.survey
        return cls.env["survey.user_input"].create(
            {
                "survey_id": survey.id,
                "partner_id": (cls.acme if partner is None else partner).id,
                "company_id": cls.company.id,
                "state": "done",
                "end_datetime": moment,
                "user_input_line_ids": [
                    Command.create(
                        {
                            "question_id": question.id,
                            "answer_type": value is not None and question.question_type,
                            f"value_{question.question_type}": value,
                            "skipped": value is None,
                        }
                    )
                    for question, value in zip(survey.question_ids, values, strict=True)
                ],
                **vals,
            }
        )
