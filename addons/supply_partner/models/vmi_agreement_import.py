from odoo import api, models


class VmiAgreementImport(models.Model):
    """Agreements from a spreadsheet, with their lines."""

    _inherit = "vmi.agreement"

    @api.model
    def load(self, fields, data):
        return _by_row(super().load(fields, data))

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for Agreements with Their Products"),
                "template": "/supply_partner/static/csv/vmi_agreement.csv",
            }
        ]


class VmiAgreementLineImport(models.Model):
    """Lines from a spreadsheet."""

    _inherit = "vmi.agreement.line"

    @api.model
    def load(self, fields, data):
        return _by_row(super().load(fields, data))

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for Products of Agreements"),
                "template": "/supply_partner/static/csv/vmi_agreement_line.csv",
            }
        ]


def _by_row(result):
    """Take away what Odoo found wrong with all rows together, when single rows say it as well.

    Odoo shows it at the first row, which may be a good one.
    """
    first, *others = result["messages"] or [{"message": ""}]
    said = {line for other in others for line in other["message"].splitlines()}
    if said and said.issuperset(first["message"].splitlines()):
        result["messages"] = others
    return result
