from datetime import timedelta

from odoo import api, models
from odoo.fields import Datetime, Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _server_date_to_domain(self, domain):
        """Load again, beside what was edited, customers who moved: their pricelist is another."""
        edited = super()._server_date_to_domain(domain)
        last_loading = self.env.context.get("pos_last_server_date")
        if edited is domain or not last_loading:
            return edited
        moved = Domain.OR(
            Domain("commercial_partner_id", "in", customers)
            for customers in self._get_customers_moved_since(Datetime.to_datetime(last_loading))
        )
        return edited | (Domain(domain) & moved)

    @api.model
    def _get_customers_moved_since(self, moment):
        """Return subqueries of the customers who moved since, and of those first placed.

        One day more than asked for: a move has a date and no time, and a run that has begun
        may end later.
        """
        moment -= timedelta(days=1)
        root = self.env.company.root_id
        for model, condition in (
            ("customer.standing.change", Domain("create_date", ">=", moment)),
            ("customer.standing", Domain("tier_since", ">=", moment.date())),
        ):
            # Elevated rights tell the cashier no more than which customers to load.
            query = self.env[model].sudo()._search(condition & Domain("company_id", "=", root.id))
            yield query.subselect(SQL.identifier(query.table, "partner_id"))
