from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day

from ..engine import delete_others, upsert
from .vendor_sourcing_product import CLASSES

WRITTEN = (
    "partner_id", "company_id", "spend", "share", "spend_class", "order_line_count",
    "lines_class", "orders_a_month", "orders_class", "late_share", "late_class", "defect_share",
    "defect_class", "product_count", "single_count", "strategic_count", "safe_date", "out_date",
    "at_stake",
)  # fmt: skip


class VendorSourcingVendor(models.Model):
    """A vendor in classes: by spend, order lines, orders, late deliveries and defects."""

    _name = "vendor.sourcing.vendor"
    _description = "Vendor Classes"
    _order = "spend desc, id"
    _rec_name = "partner_id"
    _once_for_a_vendor = ("company_id",)
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", "Vendor", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    spend = fields.Monetary(readonly=True, help="What was ordered in the period, without taxes.")
    share = fields.Float("Share of Spend", readonly=True, aggregator="sum")
    spend_class = fields.Selection(CLASSES, "Class of Spend", readonly=True)
    order_line_count = fields.Integer("Order Lines", readonly=True)
    lines_class = fields.Selection(CLASSES, "Class of Lines", readonly=True)
    orders_a_month = fields.Float("Orders a Month", digits=(16, 1), readonly=True)
    orders_class = fields.Selection(CLASSES, "Class of Orders", readonly=True)
    late_share = fields.Float(
        "Share of Late Deliveries",
        readonly=True,
        aggregator="sum",
        help="Of all deliveries that reached customers late, those of its products; where several "
        "vendors deliver a product, by their shares of its spend.",
    )
    late_class = fields.Selection(CLASSES, "Class of Late Deliveries", readonly=True)
    defect_share = fields.Float(
        "Share of Defects",
        readonly=True,
        aggregator="sum",
        help="Of the value of all that was defective, what came from it.",
    )
    defect_class = fields.Selection(CLASSES, "Class of Defects", readonly=True)
    product_count = fields.Integer("Products", readonly=True)
    single_count = fields.Integer("Single Source", readonly=True)
    strategic_count = fields.Integer("Strategic", readonly=True)
    out_date = fields.Date("First Out of Stock", readonly=True, help="If it stops today.")
    safe_date = fields.Date("Order Elsewhere by", readonly=True, help="The earliest last safe day.")
    at_stake = fields.Monetary(readonly=True, help="If it stops today.")

    _one_per_vendor = models.UniqueIndex("(partner_id, company_id)")

    def _describe_briefly(self):
        """Return the class and how many products come from it alone."""
        self.ensure_one()
        letter = dict(CLASSES).get(self.spend_class, "")
        if not self.single_count:
            return letter
        return self.env._("%(letter)s · %(count)s single", letter=letter, count=self.single_count)

    @api.model
    def _write_rows(self, company, vendors):
        """Write what was found about vendors."""
        rows = self.sudo()
        delete_others(rows, company, ("partner_id",), vendors)
        upsert(rows, WRITTEN, ("partner_id", "company_id"), vendors)
        rows.invalidate_model(flush=False)

    @api.model
    def _open_drill(self, partner):
        """Return the action that shows what happens if a vendor stops today."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "supply_partner_sourcing.sourcing_drill_action"
        )
        return {**action, "context": {"active_id": partner.id}}

    @api.readonly
    def action_open_drill(self):
        """Show what happens if the vendor stops today."""
        self.ensure_one()
        return self._open_drill(self.partner_id)

    @api.readonly
    @api.model
    def get_drill(self, partner_id=None):
        """Return what happens if a vendor stops today, in one call.

        :param int partner_id: the vendor; by default the one with most at stake
        :return: a dict of ``vendors`` (pairs of id and name); with any, also the vendor's ``id``,
            ``name``, figures, and ``lines``, the products it delivers
        """
        self.check_access("read")
        company = self.env.company
        here = [("company_id", "=", company.id)]
        rows = self.search(here, order="at_stake desc, spend desc, id")
        vendors = [(row.partner_id.id, row.partner_id.display_name) for row in rows]
        policy = self.env["vendor.sourcing.policy"].search(here, limit=1)
        page = {
            "vendors": sorted(vendors, key=lambda pair: pair[1].lower()),
            "currency_id": company.currency_id.id,
            "calculated": policy.calculated_at and fields.Datetime.to_string(policy.calculated_at),
        }
        chosen = rows.filtered(lambda row: row.partner_id.id == partner_id) or rows[:1]
        if not chosen:
            return page
        return {**page, **chosen._prepare_drill(policy)}

    def _prepare_drill(self, policy):
        """Return the vendor's part of the page."""
        self.ensure_one()
        today = self.company_id._vmi_today()
        sources = self.env["vendor.sourcing.source"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("is_used", "=", True),
            ],
            order="safe_date nulls last, at_stake desc, id",
        )
        alternates = self._get_alternates(sources)
        lines = [
            source._prepare_drill_line(today, alternates.get(source.product_id.id, ()))
            for source in sources
        ]
        return {
            "id": self.partner_id.id,
            "name": self.partner_id.display_name,
            "spend": self.spend,
            "share": self.share,
            "spend_class": dict(CLASSES).get(self.spend_class, ""),
            "single_count": self.single_count,
            "strategic_count": self.strategic_count,
            "new_vendor_days": policy.new_vendor_days,
            "at_stake": self.at_stake,
            "stakes": self._get_stakes(sources),
            "late_count": sum(line["is_too_late"] for line in lines),
            "out_date": self.out_date and format_full_day(self.env, self.out_date),
            "safe_date": self.safe_date and format_full_day(self.env, self.safe_date),
            "is_too_late": bool(self.safe_date and self.safe_date < today),
            "lines": lines,
        }

    @api.model
    def _get_alternates(self, sources):
        """Return by product the other vendors that could deliver it, the first to do so first."""
        found = {}
        for other in self.env["vendor.sourcing.source"].search(
            [
                ("product_id", "in", sources.product_id.ids),
                ("company_id", "in", sources.company_id.ids),
                ("partner_id", "not in", sources.partner_id.ids),
            ],
            order="start_days, price, partner_id, id",
        ):
            found.setdefault(other.product_id.id, []).append(other)
        return found

    def _get_stakes(self, sources):
        """Return how what is at stake is shared out, a list of dicts of name, color, value; a hook.

        :param sources: the vendor's rows of ``vendor.sourcing.source``
        """
        return []
