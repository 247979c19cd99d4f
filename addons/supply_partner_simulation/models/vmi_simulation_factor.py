from odoo import fields, models


class VmiSimulationFactor(models.Model):
    """What would have come of all products, had minimum and maximum been some times as high."""

    _name = "vmi.simulation.factor"
    _description = "Simulation with Other Levels"
    _order = "simulation_id desc, factor"
    _rec_name = "factor"

    simulation_id = fields.Many2one(
        "vmi.simulation", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="simulation_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    factor = fields.Float(
        "Minimum and Maximum Times", readonly=True, aggregator=None, help="1: as agreed."
    )
    fill_rate = fields.Float(readonly=True, aggregator="avg")
    out_days = fields.Integer("Days Out of Stock", readonly=True)
    stock_value = fields.Monetary("Average Stock", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    order_qty = fields.Float("Average Size", digits="Product Unit", readonly=True, aggregator="avg")
