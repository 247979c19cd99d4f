from functools import partial

from odoo import api, fields, models
from odoo.addons.set_based_runs.transactions import commit_step
from odoo.exceptions import ValidationError
from odoo.tools import split_every

from ..tools.invitations import due_query

# Invitations that are made and queued in one transaction.
BATCH = 100


class CustomerServiceLevel(models.Model):
    _inherit = "customer.service.level"

    survey_id = fields.Many2one(
        "survey.survey",
        "Satisfaction Survey",
        ondelete="set null",
        index="btree_not_null",
        domain=[("users_login_required", "=", False)],
        help="Survey to which the customers of this level are invited. Answers to its questions on "
        "performance and perception count for the metric Satisfaction.",
    )
    survey_days = fields.Integer(
        "Survey Every (days)",
        help="Days between two invitations of a customer, or of one of the customer's contacts, to "
        "satisfaction surveys of the company. 0: no invitations.",
    )

    _survey_days_range = models.Constraint(
        "CHECK (survey_days BETWEEN 0 AND 3650)",
        "Survey Every (days) must be between 0 and 3,650.",
    )

    @api.constrains("survey_id", "survey_days")
    def _check_survey(self):
        for level in self:
            survey = level.sudo().survey_id
            if level.survey_days and not survey:
                raise ValidationError(
                    self.env._(
                        "%s has no survey: select a Satisfaction Survey, or set Survey Every "
                        "(days) to 0.",
                        level.name,
                    )
                )
            if survey.users_login_required:
                raise ValidationError(
                    self.env._(
                        "%(survey)s requires a login, so customers could not answer it: turn off "
                        "Require Login on the survey, or select another Satisfaction Survey for "
                        "%(level)s.",
                        survey=survey.title,
                        level=level.name,
                    )
                )

    @api.model
    def _cron_send_surveys(self):
        """Invite the customers whose turn it is, by batches until the time is up.

        One company's trouble stops no other.
        """
        commit = self.env["ir.cron"]._commit_progress
        levels = self.sudo()
        attempt = self.env["customer.tier.policy"].sudo()._attempt
        due = {
            company: attempt(company, "survey_due", partial(levels._find_due, company)) or []
            for company in levels._get_sending_companies()
        }
        commit(remaining=sum(map(len, due.values())))
        for company, invitations in due.items():
            send = partial(levels._send_to, company, invitations, commit)
            if attempt(company, "survey", send) is False:
                return

    def _send_to(self, company, invitations, commit):
        """Invite customers of a company in batches; return False when the time is up before."""
        customer_ids = [customer_id for customer_id, _recipient_id, _survey_id in invitations]
        for batch in split_every(BATCH, customer_ids):
            if not commit_step(self.env, partial(self._invite, company, batch), commit):
                return False
        return True

    def _get_sending_companies(self):
        """Return the companies whose tiers have a level that sends surveys."""
        levels = self.search([("survey_days", ">", 0), ("survey_id", "!=", False)])
        return levels.with_context(active_test=False).tier_ids.company_id

    def _find_due(self, company, customer_ids=None):
        """Return (customer, recipient, survey) ids of those who are due for an invitation.

        :param customer_ids: those to look at; None for all
        """
        self.env.flush_all()
        return self.env.execute_query(
            due_query(
                company.id,
                company._tiering_now().date(),
                company._tiering_timezone(),
                customer_ids,
            )
        )

    def _invite(self, company, customer_ids):
        """Make and queue the invitations of customers who are still due; return how many were."""
        answers = self.env["survey.user_input"]
        partners = self.env["res.partner"]
        # Somebody may have invited them, or they may have moved, since they were found.
        for _customer_id, recipient_id, survey_id in self._find_due(company, list(customer_ids)):
            survey = self.env["survey.survey"].browse(survey_id)
            answers += survey._create_answer(
                partner=partners.browse(recipient_id), check_attempts=False, company_id=company.id
            )
        template = self.env.ref("customer_tiering_survey.mail_template_satisfaction_invitation")
        template.with_company(company).send_mail_batch(
            answers.ids, email_layout_xmlid="mail.mail_notification_light"
        )
        return len(customer_ids)
