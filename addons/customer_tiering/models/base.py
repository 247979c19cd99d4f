from odoo import api, models
from odoo.fields import Domain

from .res_partner import TIERING_GROUP


class Base(models.AbstractModel):
    """Who may see tiers, on whichever model a field shows one.

    The ORM follows related and searchable fields with all rights and without asking for the
    field's own groups, so whoever reads orders could sort, group and search by tier. Here each
    path is checked where a user's request enters the ORM.
    """

    _inherit = "base"

    @api.model
    def _get_guarded_families(self):
        return (*super()._get_guarded_families(), "customer_tiering")

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        return super()._search(
            self._check_tier_domain(domain),
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        field = self._fields.get(field_expr.partition(".")[0])
        if field and field.groups and TIERING_GROUP in field.groups:
            self._check_field_access(field, "read")
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _check_tier_domain(self, domain):
        """Return a domain that a user searches by, after a check of the paths in it.

        :raise AccessError: if it goes through a field of tiers that the user may not see
        """
        # With all rights methods search on the inside: nobody could check it there.
        if not self.env.su:
            domain = Domain(domain)
            self._check_tier_paths(domain)
        return domain

    @api.model
    def _check_tier_paths(self, domain):
        for condition in domain.iter_conditions():
            model = self
            for name in condition.field_expr.split("."):
                field = model._fields.get(name)
                if not field:
                    break
                if field.groups and TIERING_GROUP in field.groups:
                    model._check_field_access(field, "read")
                if not field.relational:
                    break
                model = model.env[field.comodel_name]
            else:
                value = condition.value
                if condition.operator in ("any", "not any") and isinstance(value, (Domain, list)):
                    model._check_tier_paths(Domain(value))
