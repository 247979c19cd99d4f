from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields, models

UTC = ZoneInfo("UTC")


class StockRule(models.Model):
    """A rule by which agreements buy: their orders stay apart from all others."""

    _inherit = "stock.rule"

    def _make_po_get_domain(self, company_id, values, partner):
        """Find an agreement's open order of the same delivery day; for others, none of one."""
        domain = super()._make_po_get_domain(company_id, values, partner)
        agreement = values.get("vmi_agreement_id")
        if not agreement:
            return (*domain, ("vmi_agreement_id", "=", False))
        # The buyer is the agreement's, not the vendor's.
        kept = tuple(term for term in domain if term[0] != "user_id")
        start, end = self._get_vmi_delivery_day(company_id, values, partner)
        return (
            *kept,
            ("vmi_agreement_id", "=", agreement.id),
            ("date_planned", ">=", start),
            ("date_planned", "<", end),
        )

    def _get_vmi_delivery_day(self, company, values, partner):
        """Return the moments, in UTC, between which the company's day of delivery lies."""
        planned = fields.Datetime.to_datetime(values["date_planned"])
        if partner.group_rfq == "week" and partner.group_on != "default":
            # Odoo moves the delivery to the vendor's weekday.
            planned += timedelta(days=(7 + int(partner.group_on) - planned.isoweekday()) % 7)
        zone = ZoneInfo(company.sudo()._vmi_timezone())
        day = planned.replace(tzinfo=UTC).astimezone(zone).date()
        start, end = (
            datetime.combine(day + timedelta(days=ahead), time.min, zone)
            .astimezone(UTC)
            .replace(tzinfo=None)
            for ahead in (0, 1)
        )
        return start, end

    def _prepare_purchase_order(self, company_id, origins, values):
        vals = super()._prepare_purchase_order(company_id, origins, values)
        agreement = values[0].get("vmi_agreement_id")
        if agreement:
            vals["vmi_agreement_id"] = agreement.id
            vals["user_id"] = agreement.sudo()._get_acting_buyer().id
        return vals
