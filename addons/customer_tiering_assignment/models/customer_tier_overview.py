from odoo import api, models

# Account managers of the latest calculation; more than a company has.
LIMIT = 1000


class CustomerTierOverview(models.AbstractModel):
    _inherit = "customer.tier.overview"

    @api.model
    def _get_sections(self, scope):
        """Add the account managers over their capacity, for who may see the workload."""
        sections = super()._get_sections(scope)
        managers = self.env["customer.assignment.manager"]
        if scope != "company" or not managers.has_access("read"):
            return sections
        found = managers.search_fetch(
            [("company_id", "=", self.env.company.root_id.id)],
            [
                "assignment_id",
                "customers",
                "customer_capacity",
                "followups",
                "followup_capacity",
            ],
            order="assignment_id desc",
            limit=LIMIT,
        )
        latest = found.filtered(lambda manager: manager.assignment_id == found[0].assignment_id)
        over = len(latest.filtered("is_over")) if latest else None
        if over is None:
            hint = self.env._("not calculated yet")
        else:
            hint = self.env._("of %s account managers", len(latest))
        return self._add_tiles(
            sections,
            "decisions",
            [
                self._tile(
                    "over_capacity",
                    self.env._("Over Capacity"),
                    over,
                    icon="fa-tachometer",
                    tone="warning" if over else False,
                    hint=hint,
                    action=self._open(
                        "customer_tiering_assignment.customer_assignment_open_action"
                    ),
                )
            ],
        )
