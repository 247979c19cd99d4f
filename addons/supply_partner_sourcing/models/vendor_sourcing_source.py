from odoo import fields, models
from odoo.addons.overview_page.tools.dates import format_full_day

from .vendor_qualification import EFFECTIVE_STATES

STATES = [("none", "Not Qualified"), *EFFECTIVE_STATES]


class VendorSourcingSource(models.Model):
    """A vendor of a product: what it delivers, and what happens if it stops today.

    Written by a set-based run every night. Quantities are in the product's unit.
    """

    _name = "vendor.sourcing.source"
    _description = "Source of a Product"
    _order = "is_main desc, spend desc, id"
    _rec_name = "partner_id"
    _once_for_a_vendor = ("product_id", "company_id")
    _log_access = False

    sourcing_id = fields.Many2one(
        "vendor.sourcing.product", "Product's Sourcing", required=True, readonly=True,
        ondelete="cascade", index=True,
    )  # fmt: skip
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    partner_id = fields.Many2one(
        "res.partner", "Vendor", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_main = fields.Boolean(
        "Main Vendor", readonly=True, help="Of the vendors that deliver, the one of most spend."
    )
    is_used = fields.Boolean("Delivers", readonly=True)
    has_row = fields.Boolean("Valid Price", readonly=True)
    is_received = fields.Boolean(
        "Received From", readonly=True, help="Something of it was received in the period."
    )
    is_source = fields.Boolean(
        "Source",
        readonly=True,
        help="It delivered in the period, or is qualified and has a valid price. A price alone is "
        "no source: Odoo keeps one of every vendor that something was ordered from.",
    )
    received_qty = fields.Float("Received", digits="Product Unit", readonly=True)
    received_on = fields.Date("Last Receipt", readonly=True)
    order_line_count = fields.Integer("Order Lines", readonly=True)
    spend = fields.Monetary(readonly=True)
    share = fields.Float("Share of Spend", readonly=True, aggregator=None)
    price = fields.Float("Price per Unit", digits="Product Price", readonly=True, aggregator=None)
    lead_days = fields.Float("Lead Time (Days)", digits=(16, 1), readonly=True, aggregator="avg")
    coming_qty = fields.Float("On Order", digits="Product Unit", readonly=True)
    qualification_id = fields.Many2one(
        "vendor.qualification", "Covered by", readonly=True, ondelete="set null"
    )
    qualification_state = fields.Selection(STATES, "Qualification", readonly=True)
    start_days = fields.Integer(
        "Days to First Delivery",
        readonly=True,
        aggregator=None,
        help="Qualification, tooling and lead time, of what is still to be done.",
    )
    start_cost = fields.Monetary(
        "Cost of Switching Here",
        readonly=True,
        help="Its one-off cost, and the difference to the main vendor's price for a year's demand.",
    )
    supply_qty = fields.Float(
        "Supply without It",
        digits="Product Unit",
        readonly=True,
        help="On hand, and what the other vendors have still to deliver.",
    )
    alternate_id = fields.Many2one(
        "res.partner", "First Alternate", readonly=True, ondelete="set null"
    )
    alternate_count = fields.Integer("Alternates", readonly=True)
    switching_days = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Until the alternate that is first to deliver does so: qualification + tooling + lead "
        "time. Without any: the days of the sourcing policy for a new vendor.",
    )
    switching_cost = fields.Monetary(
        readonly=True, help="One-off cost + price difference × a year's demand."
    )
    out_date = fields.Date(
        "Out of Stock on",
        readonly=True,
        help="If the vendor stops today: the first day on which open deliveries, or the demand up "
        "to then, are more than the supply without it.",
    )
    safe_date = fields.Date(
        "Order Elsewhere by",
        readonly=True,
        help="The last safe day: out of stock less switching days.",
    )
    at_stake = fields.Monetary(
        readonly=True,
        help="The sales value of the days without: (switching days − days until out of stock) × "
        "demand a day × sales price.",
    )

    _one_per_vendor = models.UniqueIndex("(product_id, partner_id, company_id)")

    def action_open_drill(self):
        """Show what happens if this vendor stops today."""
        self.ensure_one()
        return self.env["vendor.sourcing.vendor"]._open_drill(self.partner_id)

    def action_open_qualification(self):
        """Open the qualification that covers the product, or plan one."""
        self.ensure_one()
        if self.qualification_id:
            return self.qualification_id.get_formview_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": "vendor.qualification",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_product_id": self.product_id.id,
                "default_categ_id": self.product_id.categ_id.id,
            },
        }

    def _prepare_drill_line(self, today, others):
        """Return a line of the drill's page.

        :param others: the other vendors of the product
        """
        self.ensure_one()
        product, sourcing = self.product_id, self.sourcing_id
        states = dict(self._fields["qualification_state"]._description_selection(self.env))
        kinds = dict(sourcing._fields["sourcing"]._description_selection(self.env))
        quadrants = dict(sourcing._fields["quadrant"]._description_selection(self.env))
        return {
            "id": self.id,
            "sourcing_id": sourcing.id,
            "product": product.display_name,
            "unit": product.uom_id.name,
            "quadrant": sourcing.quadrant,
            "quadrant_name": quadrants.get(sourcing.quadrant, ""),
            "sourcing": sourcing.sourcing,
            "sourcing_name": kinds.get(sourcing.sourcing, ""),
            "supply": self.supply_qty,
            "on_hand": sourcing.on_hand_qty,
            "demand": sourcing.daily_demand,
            "out_date": self.out_date and format_full_day(self.env, self.out_date),
            "out_days": self.out_date and (self.out_date - today).days,
            "switching_days": self.switching_days,
            "safe_date": self.safe_date and format_full_day(self.env, self.safe_date),
            "is_too_late": bool(self.safe_date and self.safe_date < today),
            "at_stake": self.at_stake,
            "alternates": [
                {
                    "id": other.id,
                    "name": other.partner_id.display_name,
                    "state": other.qualification_state,
                    "state_name": states.get(other.qualification_state, ""),
                    "has_row": other.has_row,
                    "days": other.start_days,
                }
                for other in others
            ],
        }
