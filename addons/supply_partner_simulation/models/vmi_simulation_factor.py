from odoo import api, fields, models
from odoo.tools.misc import formatLang


class VmiSimulationFactor(models.Model):
    """What would have come of all products, had minimum and maximum been some times as high."""

    _name = "vmi.simulation.factor"
    _description = "Sensitivity of a Simulation"
    _order = "simulation_id desc, factor"

    simulation_id = fields.Many2one(
        "vmi.simulation", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="simulation_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    factor = fields.Float(
        readonly=True,
        aggregator=None,
        help="By how much minimum and maximum are multiplied. 1: as agreed.",
    )
    label = fields.Char("Minimum and Maximum", compute="_compute_label")
    fill_rate = fields.Float(readonly=True, aggregator="avg")
    out_days = fields.Integer("Days Out of Stock", readonly=True)
    stock_value = fields.Monetary("Average Stock Value", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    order_qty = fields.Float(
        "Average Order Quantity", digits="Product Unit", readonly=True, aggregator="avg"
    )

    @api.depends_context("lang")
    @api.depends("factor")
    def _compute_label(self):
        for each in self:
            decimals = 0 if each.factor == round(each.factor) else 2
            number = formatLang(self.env, each.factor, digits=decimals)
            each.label = self.env._("As agreed") if each.factor == 1 else f"× {number}"

    @api.depends("label")
    def _compute_display_name(self):
        for each in self:
            each.display_name = each.label
