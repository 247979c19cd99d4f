from odoo import api, fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP
from odoo.tools import SQL

from ..engine import is_due, pools_query, waiting_query


class CustomerAllocation(models.Model):
    """A delivery that waits for stock which is not enough for all."""

    _name = "customer.allocation"
    _description = "Scarce Product"
    _auto = False
    _rec_name = "product_id"
    _order = "product_id, warehouse_id, turn, id"

    product_id = fields.Many2one("product.product", readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Delivery", readonly=True)
    origin = fields.Char("Order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    tier_id = fields.Many2one(
        "customer.tier",
        readonly=True,
        groups=TIERING_GROUP,
        help="Of the customer when the order was confirmed.",
    )
    turn = fields.Integer(
        readonly=True,
        aggregator=None,
        help="In this order the deliveries are served; equals share.",
    )
    promised_date = fields.Datetime("Promised", readonly=True)
    need_qty = fields.Float("To Deliver", digits="Product Unit", readonly=True)
    reserved_qty = fields.Float("Reserved", digits="Product Unit", readonly=True)
    missing_qty = fields.Float("Missing", digits="Product Unit", readonly=True)
    free_qty = fields.Float(
        "Free",
        digits="Product Unit",
        readonly=True,
        aggregator="max",
        help="In stock and reserved for nobody.",
    )
    next_receipt_date = fields.Date("Next Receipt", readonly=True)
    allocated_qty = fields.Float(
        "Gets Now",
        digits="Product Unit",
        compute="_compute_allocation",
        help="What the allocation gives in all of what is in stock now.",
    )
    reason = fields.Char("Why", compute="_compute_allocation")

    @api.depends("reserved_qty", "free_qty")
    @api.depends_context("lang")
    def _compute_allocation(self):
        # A row is a move, and has its id.
        moves = self.env["stock.move"].sudo().browse(self.ids)
        found = {}
        for pool in moves._get_pools() if moves else ():
            for move_id, allotment in pool.allocate().items():
                found[move_id] = allotment.quantity, moves._describe_reason(allotment.reason, pool)
        otherwise = 0, self.env._("first come, first served")
        for allocation in self:
            more, reason = found.get(allocation.id, otherwise)
            allocation.allocated_qty = allocation.reserved_qty + more
            allocation.reason = reason

    def action_open_delivery(self):
        """Show the delivery."""
        self.ensure_one()
        return self.picking_id.get_formview_action()

    @property
    def _table_query(self):
        self.env.flush_all()
        now = fields.Datetime.now()
        lines = self.env["vmi.agreement.line"]
        return SQL(
            """
            WITH waiting AS MATERIALIZED (%(waiting)s),
            pools AS (%(pools)s),
            claims AS (
                SELECT waiting.*, pools.free, pools.next_day,
                       %(now)s::timestamp - waiting.promised
                           >= pools.wait_days * INTERVAL '1 day' AS is_late,
                       SUM(GREATEST(waiting.need - waiting.held, 0)) OVER pool AS wanted
                  FROM waiting
                  JOIN pools
                    ON pools.company_id = waiting.company_id
                   AND pools.product_id = waiting.product_id
                   AND pools.root_id = waiting.root_id
                WINDOW pool AS (PARTITION BY waiting.company_id, waiting.product_id,
                                             waiting.root_id)
            )
            SELECT claims.move_id AS id, claims.product_id, claims.warehouse_id,
                   claims.company_id, claims.picking_id, claims.partner_id, claims.tier_id,
                   COALESCE(sale.name, picking.origin) AS origin,
                   ROW_NUMBER() OVER (
                       PARTITION BY claims.company_id, claims.product_id, claims.root_id
                       ORDER BY claims.is_late DESC,
                                CASE WHEN NOT claims.is_late THEN claims.is_urgent END
                                    DESC NULLS LAST,
                                CASE WHEN NOT claims.is_late THEN claims.rank END NULLS LAST,
                                claims.move_id
                   )::integer AS turn,
                   claims.promised AS promised_date, claims.need AS need_qty,
                   claims.held AS reserved_qty,
                   GREATEST(claims.need - claims.held, 0) AS missing_qty,
                   claims.free AS free_qty, claims.next_day AS next_receipt_date
              FROM claims
         LEFT JOIN sale_order sale ON sale.id = claims.order_id
         LEFT JOIN stock_picking picking ON picking.id = claims.picking_id
             WHERE claims.wanted > claims.free + 0.000001
            """,
            waiting=waiting_query(
                SQL.identifier("stock_move"),
                SQL("move.company_id = ANY(%s) AND %s", self.env.companies.ids, is_due(now.date())),
            ),
            pools=pools_query(
                SQL("SELECT DISTINCT company_id, product_id, root_id AS location_id FROM waiting"),
                lines._get_usable_stock(self.env.company),
                now,
            ),
            now=now,
        )
