from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.invitations import obstacles_query


class CustomerStanding(models.Model):
    _inherit = "customer.standing"

    survey_obstacle = fields.Selection(
        [
            ("no_address", "No email address"),
            ("bounces", "Email bounces"),
            ("blacklisted", "Email is blacklisted"),
        ],
        compute="_compute_survey_obstacle",
        search="_search_survey_obstacle",
        compute_sudo=True,
        help="Why the customer cannot be invited to the satisfaction survey of the service level: "
        "neither the customer nor a contact has a valid email address.",
    )

    def _compute_survey_obstacle(self):
        self.env.flush_all()
        obstacles = dict(self.env.execute_query(obstacles_query(self.ids)))
        for standing in self:
            standing.survey_obstacle = obstacles.get(standing._origin.id)

    @api.model
    def _search_survey_obstacle(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env.flush_all()
        hindered = obstacles_query()
        domain = Domain(
            "id",
            "in",
            SQL(
                "(SELECT standing_id FROM (%s) AS hindered WHERE obstacle = ANY(%s))",
                hindered,
                [obstacle for obstacle in value if obstacle],
            ),
        )
        if False in value:
            domain |= Domain("id", "not in", SQL("(SELECT standing_id FROM (%s) AS h)", hindered))
        return domain
