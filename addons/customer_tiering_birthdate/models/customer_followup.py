from odoo import api, fields, models
from odoo.addons.customer_tiering_followup.engine.occasions import Occasion
from odoo.tools import SQL


class CustomerFollowup(models.Model):
    """The birthdays of a customer's people."""

    _inherit = "customer.followup"

    kind = fields.Selection(
        selection_add=[("birthday", "Birthday")],
        ondelete={"birthday": lambda followups: followups._forget()},
    )
    contact_id = fields.Many2one(
        "res.partner",
        ondelete="set null",
        index="btree_not_null",
        help="Whose birthday it is.",
    )

    @api.model
    def _get_occasions(self, policy):
        occasions = super()._get_occasions(policy)
        if policy.keeps_birthdays:
            days = self._birthdays_query(policy.company_id)
            occasions.append(Occasion("birthday", days, ("contact_id",)))
        return occasions

    @api.model
    def _birthdays_query(self, company):
        return SQL(
            """
            SELECT commercial_partner_id AS partner_id, birthdate_date AS day,
                   CONCAT(id, ' ') AS of_whom, id AS contact_id
              FROM res_partner
             WHERE active
               AND birthdate_date IS NOT NULL
               AND (company_id IS NULL OR company_id = ANY(%s))
            """,
            self._company_ids(company),
        )

    def _get_activity_partner(self):
        return self.contact_id or super()._get_activity_partner()

    def _prepare_birthday_vals(self):
        return {
            "activity_type_id": self._get_activity_type_id("mail_activity_occasion"),
            "summary": self.env._("Birthday: %s", self._get_activity_partner().name),
        }
