from odoo import fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.document"]

    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", string="Customer Tier", groups=TIERING_GROUP
    )
