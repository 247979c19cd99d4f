from odoo import api, fields, models


class VmiSimulationLine(models.Model):
    """What would have come of one product, beside what really happened."""

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
    demanded_qty = fields.Float("Demanded", digits="Product Unit", readonly=True)
    lost_qty = fields.Float(
        "Lost",
        digits="Product Unit",
        readonly=True,
        help="Asked for at the point of sale while nothing would have been there.",
    )
    fill_rate = fields.Float(readonly=True, aggregator="avg")
    actual_fill_rate = fields.Float("Fill Rate, Real", readonly=True, aggregator="avg")
    out_days = fields.Integer("Days Out of Stock", readonly=True)
    actual_out_days = fields.Integer("Days Out of Stock, Real", readonly=True)
    stock_qty = fields.Float("Average Stock", digits="Product Unit", readonly=True)
    actual_stock_qty = fields.Float("Average Stock, Real", digits="Product Unit", readonly=True)
    stock_value = fields.Monetary("Value of Stock", readonly=True)
    actual_stock_value = fields.Monetary("Value of Stock, Real", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    actual_order_count = fields.Integer("Orders, Real", readonly=True)
    order_qty = fields.Float("Average Size", digits="Product Unit", readonly=True, aggregator="avg")
    actual_order_qty = fields.Float(
        "Average Size, Real", digits="Product Unit", readonly=True, aggregator="avg"
    )
    series = fields.Json(readonly=True, help="Stock at the end of each day.")
    stock_chart = fields.Json("Stock a Day", compute="_compute_stock_chart")

    @api.depends("series", "simulation_id.series")
    def _compute_stock_chart(self):
        for line in self:
            whole = line.simulation_id.stock_chart
            line.stock_chart = whole and {
                **whole,
                "y": self.env._("Stock in %s", line.product_uom_id.name),
                "lines": [
                    {"name": self.env._("Proposed"), "points": line.series["proposed"]},
                    {"name": self.env._("Real"), "points": line.series["real"]},
                ],
            }
