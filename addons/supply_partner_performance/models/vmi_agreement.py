from odoo import fields, models


class VmiAgreementPerformance(models.Model):
    """By what an agreement is measured, and its figures."""

    _inherit = "vmi.agreement"

    delivery_tolerance = fields.Float(
        default=0.0,
        tracking=True,
        help="A receipt that is short by no more than this share of what was promised is in full.",
    )
    closed_on = fields.Date(readonly=True, copy=False, help="The figures end with this day.")

    _tolerance_is_a_share = models.Constraint(
        "CHECK (delivery_tolerance >= 0 AND delivery_tolerance < 1)",
        "The Delivery Tolerance must be 0 % or more and below 100 %.",
    )

    def action_close(self):
        result = super().action_close()
        for agreement in self:
            agreement.sudo().closed_on = agreement.company_id._vmi_today()
        return result

    def action_refresh_performance(self):
        """Measure the agreements now."""
        self.check_access("read")
        for company, agreements in self.grouped("company_id").items():
            self.env["vmi.performance"]._refresh_company(company, agreements)

    def action_open_supply_scorecard(self):
        """Show the agreement's service, assets and cost."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "supply_partner.supply_scorecard_action"
        )
        return {**action, "context": {"active_id": self.id}}
