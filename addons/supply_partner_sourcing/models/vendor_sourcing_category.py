from odoo import api, fields, models

from ..engine import delete_others, upsert
from .vendor_sourcing_product import CLASSES

WRITTEN = (
    "categ_id", "company_id", "product_count", "vendor_count", "single_count", "habit_count",
    "strategic_count", "spend", "spend_class", "partner_id", "share", "hhi", "at_stake",
)  # fmt: skip


class VendorSourcingCategory(models.Model):
    """What a company buys of a product category, from how many vendors."""

    _name = "vendor.sourcing.category"
    _description = "Sourcing of a Category"
    _order = "spend desc, id"
    _rec_name = "categ_id"
    _log_access = False

    categ_id = fields.Many2one(
        "product.category", "Category", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_count = fields.Integer("Products", readonly=True)
    vendor_count = fields.Integer("Vendors", readonly=True, aggregator=None)
    single_count = fields.Integer("Single Source", readonly=True)
    habit_count = fields.Integer("Single by Habit", readonly=True)
    strategic_count = fields.Integer("Strategic", readonly=True)
    spend = fields.Monetary(readonly=True)
    spend_class = fields.Selection(CLASSES, "Class", readonly=True)
    partner_id = fields.Many2one("res.partner", "Main Vendor", readonly=True, ondelete="set null")
    share = fields.Float("Its Share", readonly=True, aggregator=None)
    hhi = fields.Float(
        "HHI",
        digits=(4, 3),
        readonly=True,
        aggregator=None,
        help="The sum of the vendors' squared shares: 1 is one vendor alone, 0.25 four equal ones.",
    )
    at_stake = fields.Monetary(readonly=True, help="If each product's main vendor stopped today.")

    _one_per_category = models.UniqueIndex("(categ_id, company_id)")

    @api.model
    def _write_rows(self, company, categories):
        """Write what was found about categories."""
        rows = self.sudo()
        delete_others(rows, company, ("categ_id",), categories)
        upsert(rows, WRITTEN, ("categ_id", "company_id"), categories)
        rows.invalidate_model(flush=False)

    def action_open_products(self):
        """Open the products of the category."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_sourcing.vendor_sourcing_product_action"
        )
        return {
            **action,
            "name": self.categ_id.display_name,
            "domain": [("categ_id", "=", self.categ_id.id)],
            "context": {},
        }
