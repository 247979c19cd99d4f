from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools import SQL, ormcache


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["customer.tier.policy"].sudo()._create_missing_default_policies()
        return companies

    @ormcache("self.id")
    def _get_root_id(self):
        """Return the id of the root company; Odoo lets no company change its parent."""
        self.ensure_one()
        return self.sudo().root_id.id

    def _tiering_timezone(self):
        """Return the name of the zone whose calendar days the company counts in."""
        self.ensure_one()
        return self.resource_calendar_id.tz or self.partner_id.tz or "UTC"

    def _tiering_now(self):
        """Return the moment in the zone whose calendar days the company counts in."""
        return datetime.now(ZoneInfo(self._tiering_timezone()))

    def _tiering_timezones(self):
        """Return a query of ``company_id`` and ``timezone``, a row per company of the records."""
        return SQL(
            "VALUES %s",
            SQL(", ").join(
                SQL("(%s::integer, %s::varchar)", company.id, company._tiering_timezone())
                for company in self.sudo()
            ),
        )
