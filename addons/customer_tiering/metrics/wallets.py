from odoo.tools import SQL

from .registry import Source, register


@register
class WalletSource(Source):
    """``yearly_spend``: what the customer is estimated to spend in all, company currency."""

    code = "wallets"

    def query(self, scope):
        return SQL(
            """
            SELECT id AS partner_id,
                   (customer_yearly_spend ->> %s)::numeric AS yearly_spend
              FROM res_partner
             WHERE customer_yearly_spend IS NOT NULL
            """,
            str(scope.company_id),
        )
