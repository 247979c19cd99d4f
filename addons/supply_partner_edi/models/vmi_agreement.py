from odoo import fields, models


class VmiAgreement(models.Model):
    _inherit = "vmi.agreement"

    edi_message_count = fields.Integer(
        "Number of EDI Messages", compute="_compute_edi_message_count"
    )
    edi_error_count = fields.Integer("Number of EDI Errors", compute="_compute_edi_message_count")

    def _compute_edi_message_count(self):
        counts, errors = {}, {}
        groups = self.env["vmi.message"]._read_group(
            [("agreement_ids", "in", self.ids)], ["agreement_ids", "state"], ["__count"]
        )
        for agreement, state, count in groups:
            counts[agreement] = counts.get(agreement, 0) + count
            if state == "error":
                errors[agreement] = count
        for agreement in self:
            agreement.edi_message_count = counts.get(agreement, 0)
            agreement.edi_error_count = errors.get(agreement, 0)

    def action_open_edi_messages(self):
        """Show what was exchanged about the agreement."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_edi.vmi_message_action"
        )
        return {**action, "domain": [("agreement_ids", "in", self.ids)], "context": {}}
