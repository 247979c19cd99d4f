from odoo import api, fields, models
from odoo.tools import SQL

from .purchase_order import STAFF
from .vmi_agreement import BUYER_GROUP, HOLDING_STATES


class ResPartner(models.Model):
    """A vendor, with the figures of the agreements that the user's companies have with it."""

    _inherit = "res.partner"

    vmi_holiday_ids = fields.One2many(
        "vmi.vendor.holiday", "partner_id", "Vendor's Holidays", groups=STAFF
    )
    vmi_agreement_ids = fields.One2many(
        "vmi.agreement", "partner_id", "Supply Agreements", groups=STAFF
    )
    vmi_agreement_count = fields.Integer(
        "Number of Supply Agreements",
        compute="_compute_vmi_agreement_count",
        groups=BUYER_GROUP,
    )
    vmi_currency_id = fields.Many2one(
        "res.currency", compute="_compute_vmi_figures", groups=BUYER_GROUP
    )
    vmi_running_count = fields.Integer(
        "Running Agreements",
        compute="_compute_vmi_figures",
        groups=BUYER_GROUP,
        help="Agreements that are running or suspended.",
    )
    vmi_line_count = fields.Integer(
        "Products Kept",
        compute="_compute_vmi_figures",
        groups=BUYER_GROUP,
        help="Products of the running agreements.",
    )
    vmi_out_count = fields.Integer(
        "Out of Stock", compute="_compute_vmi_figures", groups=BUYER_GROUP
    )
    vmi_open_value = fields.Monetary(
        "On Order",
        currency_field="vmi_currency_id",
        compute="_compute_vmi_figures",
        groups=BUYER_GROUP,
        help="What is ordered under the agreements and still to come, without taxes.",
    )
    vmi_next_review_date = fields.Date(
        "Next Review", compute="_compute_vmi_figures", groups=BUYER_GROUP
    )

    def _compute_vmi_agreement_count(self):
        counts = dict(
            self.env["vmi.agreement"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.vmi_agreement_count = counts.get(partner, 0)

    @api.depends_context("allowed_company_ids")
    def _compute_vmi_figures(self):
        """Count agreements, products and orders of all vendors at once."""
        here = [("partner_id", "in", self.ids), ("company_id", "in", self.env.companies.ids)]
        running = [*here, ("state", "in", HOLDING_STATES)]
        agreements = {}
        for partner, state, count, review in self.env["vmi.agreement"]._read_group(
            running, ["partner_id", "state"], ["__count", "next_review_date:min"]
        ):
            total, first = agreements.get(partner, (0, False))
            # What is suspended has no next review.
            agreements[partner] = total + count, review if state == "running" else first
        lines = dict(
            self.env["vmi.agreement.line"]._read_group(running, ["partner_id"], ["__count"])
        )
        out = dict(
            self.env["vmi.agreement.line"]._read_group(
                [*running, ("stock_status", "=", "out")], ["partner_id"], ["__count"]
            )
        )
        values = self._get_vmi_open_values()
        for partner in self:
            partner.vmi_currency_id = self.env.company.currency_id
            count, review = agreements.get(partner, (0, False))
            partner.vmi_running_count = count
            partner.vmi_next_review_date = review
            partner.vmi_line_count = lines.get(partner, 0)
            partner.vmi_out_count = out.get(partner, 0)
            partner.vmi_open_value = values.get(partner.id, 0)

    def _get_vmi_open_values(self):
        """Return by vendor's id what is ordered and still to come, in the company's currency."""
        self.env["vmi.agreement"].check_access("read")
        self.env["purchase.order.line"].flush_model()
        self.env["purchase.order"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT agreement.partner_id, purchase.currency_id,
                       SUM(ordered.price_subtotal / NULLIF(ordered.product_qty, 0)
                           * GREATEST(ordered.product_qty - ordered.qty_received, 0))
                  FROM purchase_order purchase
                  JOIN vmi_agreement agreement ON agreement.id = purchase.vmi_agreement_id
                  JOIN purchase_order_line ordered ON ordered.order_id = purchase.id
                 WHERE agreement.partner_id = ANY(%s) AND agreement.company_id = ANY(%s)
                   AND purchase.state = 'purchase'
                   AND COALESCE(purchase.receipt_status, 'pending') <> 'full'
              GROUP BY agreement.partner_id, purchase.currency_id
                """,
                self.ids,
                self.env.companies.ids,
            )
        )
        company, today = self.env.company, fields.Date.context_today(self)
        values = {}
        for partner_id, currency_id, value in rows:
            currency = self.env["res.currency"].browse(currency_id)
            converted = currency._convert(value or 0, company.currency_id, company, today)
            values[partner_id] = values.get(partner_id, 0) + converted
        return values
