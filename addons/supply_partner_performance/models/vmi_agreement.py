from odoo import api, fields, models


class VmiAgreement(models.Model):
    """By what an agreement's vendor is measured, and how to get to the figures."""

    _inherit = "vmi.agreement"

    delivery_tolerance = fields.Float(
        default=0.0,
        tracking=True,
        help="A receipt that is short by no more than this share of the promised quantity counts "
        "as in full.",
    )

    _tolerance_is_a_share = models.Constraint(
        "CHECK (delivery_tolerance >= 0 AND delivery_tolerance < 1)",
        "The Delivery Tolerance must be 0 % or more and below 100 %.",
    )

    def action_refresh_performance(self):
        """Measure the agreements now."""
        self.check_access("read")
        for company, agreements in self.grouped("company_id").items():
            self.env["vmi.performance"]._refresh_company(company, agreements)

    @api.readonly
    def action_open_supply_scorecard(self):
        """Show the agreement's supply scorecard."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "supply_partner_performance.supply_scorecard_action"
        )
        return {**action, "context": {"active_id": self.id}}

    def _describe_actions(self):
        return {
            **super()._describe_actions(),
            "performance": self.env._("Calculating supply performance"),
        }
