from odoo import api, fields, models
from odoo.tools import SQL


class VmiConsignmentStock(models.Model):
    """What vendors have on the company's shelves now, by product and lot."""

    _name = "vmi.consignment.stock"
    _description = "Consigned Stock"
    _auto = False
    _order = "partner_id, product_id, lot_id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Vendor", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    lot_id = fields.Many2one("stock.lot", readonly=True)
    on_hand_qty = fields.Float("On Hand", digits="Product Unit", readonly=True)
    used_qty = fields.Float(
        "Used, Not Settled",
        digits="Product Unit",
        readonly=True,
        help="Less what customers gave back, as of the last update of the ledger.",
    )
    unpriced_qty = fields.Float(
        "Used Without a Price",
        digits="Product Unit",
        readonly=True,
        help="It cannot be settled: the vendor has no price of the product.",
    )
    unit_price = fields.Float(
        "Vendor's Price", digits="Product Price", compute="_compute_value", help="Of today."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_value")
    value = fields.Monetary(
        compute="_compute_value", help="Of what is on hand, at the vendor's price of today."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH vendors AS (
                SELECT DISTINCT company_id, partner_id
                  FROM vmi_agreement
                 WHERE ownership = 'consigned' AND state <> 'draft'
            ),
            parts AS (
                SELECT place.company_id, quant.owner_id AS partner_id, quant.product_id,
                       quant.lot_id, quant.quantity AS on_hand_qty, 0 AS used_qty,
                       0 AS unpriced_qty
                  FROM stock_quant quant
                  JOIN stock_location place
                    ON place.id = quant.location_id AND place.usage IN ('internal', 'transit')
                  JOIN vendors ON vendors.company_id = place.company_id
                              AND vendors.partner_id = quant.owner_id
                 UNION ALL
                SELECT company_id, partner_id, product_id, lot_id, 0,
                       CASE WHEN is_priced THEN -quantity ELSE 0 END,
                       CASE WHEN is_priced THEN 0 ELSE -quantity END
                  FROM vmi_consignment_entry
                 WHERE is_billable AND settlement_line_id IS NULL
            ),
            sums AS (
                SELECT company_id, partner_id, product_id, lot_id,
                       SUM(on_hand_qty) AS on_hand_qty, SUM(used_qty) AS used_qty,
                       SUM(unpriced_qty) AS unpriced_qty
                  FROM parts
              GROUP BY company_id, partner_id, product_id, lot_id
            )
            SELECT ROW_NUMBER() OVER (
                       ORDER BY company_id, partner_id, product_id, lot_id NULLS FIRST) AS id,
                   sums.*
              FROM sums
             WHERE on_hand_qty <> 0 OR used_qty <> 0 OR unpriced_qty <> 0
            """
        )

    @api.depends("product_id", "partner_id", "on_hand_qty")
    def _compute_value(self):
        entries = self.env["vmi.consignment.entry"].sudo()
        sellers = {}
        for row in self:
            key = (row.company_id, row.partner_id, row.product_id)
            if key not in sellers:
                sellers[key] = entries.with_company(row.company_id)._get_seller(
                    row.product_id.with_company(row.company_id),
                    row.partner_id,
                    row.company_id._vmi_today(),
                )
            seller = sellers[key]
            row.unit_price = seller.price_discounted
            row.currency_id = seller.currency_id or row.company_id.currency_id
            row.value = row.on_hand_qty * row.unit_price

    def action_open_entries(self):
        """Show what happened to the vendor's stock of the product."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_consignment.vmi_consignment_entry_action"
        )
        domain = [("partner_id", "=", self.partner_id.id), ("product_id", "=", self.product_id.id)]
        return {**action, "domain": domain, "context": {}}

    def action_buy_over(self):
        """Ask how much of it is bought over, and at which price."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_consignment.vmi_consignment_purchase_action"
        )
        context = {
            f"default_{name}": self[name].id
            for name in ("company_id", "partner_id", "product_id", "lot_id")
        }
        return {**action, "context": context}
