from odoo import api, models


class VmiOverview(models.AbstractModel):
    """The page that Supply Partners opens on, with what hangs on a single vendor."""

    _inherit = "vmi.overview"

    @api.model
    def _get_sections(self, scope):
        """Add the products of a single source, and how long there is time to order elsewhere."""
        section = self._section("sourcing", self.env._("Sourcing"), self._sourcing_tiles())
        return [*super()._get_sections(scope), section]

    @api.model
    def _sourcing_tiles(self):
        rows = self.env["vendor.sourcing.product"]
        here = [("company_id", "=", self.env.company.id)]
        counts = {
            (quadrant == "strategic", sourcing): count
            for quadrant, sourcing, count in rows._read_group(
                here, ["quadrant", "sourcing"], ["__count"]
            )
        }
        if not counts:
            return []
        alert = counts.get((True, "single"), 0)
        single = [*here, ("sourcing", "=", "single")]
        late = [*here, ("is_too_late", "=", True)]
        open_products = "supply_partner_sourcing.vendor_sourcing_product_action"
        return [
            self._tile(
                "strategic_single",
                self.env._("Strategic and Single Source"),
                alert,
                icon="fa-chain-broken",
                tone="danger" if alert else False,
                counts=True,
                action=self._open(open_products, [*single, ("quadrant", "=", "strategic")], {}),
            ),
            self._tile(
                "too_late",
                self.env._("Too Late to Order Elsewhere"),
                rows.search_count(late),
                icon="fa-calendar-times-o",
                counts=True,
                hint=self.env._("if the main vendor stops today"),
                action=self._open(open_products, late, {}),
            ),
        ]
