from collections import defaultdict

from odoo import models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP


class VendorSourcingVendor(models.Model):
    _inherit = "vendor.sourcing.vendor"

    def _get_stakes(self, sources):
        """Share out what is at stake by the tiers that buy the products, the best tier first.

        What is sold to customers without a tier, or to none yet, is no tier's. Who may not see
        tiers is told nothing of them.
        """
        stakes = super()._get_stakes(sources)
        if not self.env.user.has_group(TIERING_GROUP):
            return stakes
        at_stake = defaultdict(float)
        for source in sources:
            at_stake[source.product_id] += source.at_stake
        mixes = self._get_mixes(sources.product_id)
        values = defaultdict(float)
        nobody = self.env["customer.tier"]
        for product, value in at_stake.items():
            for tier, share in (mixes.get(product) or {nobody: 1.0}).items():
                values[tier] += value * share
        tiers = nobody.union(*values).sorted("sequence")
        return stakes + [
            {
                "name": tier.name or self.env._("No tier"),
                "color": tier.color,
                "value": values[tier],
            }
            for tier in (*tiers, nobody)
            if values[tier] > 0
        ]

    def _get_mixes(self, products):
        """Return {product: {tier: share}}, over all warehouses by what was ordered from each."""
        rows = self.env["customer.tier.demand"].search(
            [("company_id", "=", self.company_id.id), ("product_id", "in", products.ids)]
        )
        totals = defaultdict(float)
        for row in rows:
            totals[row.product_id, row.warehouse_id] += row.quantity
        mixes = defaultdict(lambda: defaultdict(float))
        for row in rows:
            ordered = totals[row.product_id, row.warehouse_id]
            mixes[row.product_id][row.tier_id] += row.share * ordered
        return {
            product: {
                tier: amount / sum(mix.values()) for tier, amount in mix.items() if amount > 0
            }
            for product, mix in mixes.items()
        }
