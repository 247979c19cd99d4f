from odoo import api, fields, models


class VmiSimulationLine(models.Model):
    """What would have come of one product, beside what actually happened."""

    _name = "vmi.simulation.line"
    _description = "Product of a Simulation"
    _order = "simulation_id desc, sequence, id"
    _rec_name = "product_id"

    simulation_id = fields.Many2one(
        "vmi.simulation", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_id = fields.Many2one(
        "vmi.agreement.line", ondelete="set null", index="btree_not_null", readonly=True
    )
    sequence = fields.Integer(readonly=True)
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", index=True, readonly=True
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    problem = fields.Selection(
        selection=lambda self: self.env["vmi.agreement.line"]._fields["problem"].selection,
        readonly=True,
        help="Why nothing could be ordered on one day at least.",
    )
    demanded_qty = fields.Float("Demand", digits="Product Unit", readonly=True)
    lost_qty = fields.Float(
        "Lost Sales",
        digits="Product Unit",
        readonly=True,
        help="Asked for at the point of sale while nothing would have been there.",
    )
    fill_rate = fields.Float(readonly=True, aggregator="avg")
    actual_fill_rate = fields.Float(readonly=True, aggregator="avg")
    out_days = fields.Integer("Days Out of Stock", readonly=True)
    actual_out_days = fields.Integer("Actual Days Out of Stock", readonly=True)
    stock_qty = fields.Float("Average Stock", digits="Product Unit", readonly=True)
    actual_stock_qty = fields.Float("Actual Average Stock", digits="Product Unit", readonly=True)
    stock_value = fields.Monetary("Average Stock Value", readonly=True)
    actual_stock_value = fields.Monetary("Actual Average Stock Value", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    actual_order_count = fields.Integer("Actual Orders", readonly=True)
    order_qty = fields.Float(
        "Average Order Quantity", digits="Product Unit", readonly=True, aggregator="avg"
    )
    actual_order_qty = fields.Float(
        "Actual Average Order Quantity", digits="Product Unit", readonly=True, aggregator="avg"
    )
    series = fields.Json(readonly=True, help="Stock at the end of each day.")
    stock_chart = fields.Json("Stock by Day", compute="_compute_stock_chart")

    @api.depends("series", "simulation_id.series")
    def _compute_stock_chart(self):
        for line in self:
            line.stock_chart = line.simulation_id._prepare_stock_chart(
                line.series, line.product_uom_id.name
            )
