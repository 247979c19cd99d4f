from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.addons.overview_page.tools.dates import format_month
from odoo.fields import Date, Domain

from .vmi_performance import SCORECARD_MONTHS

# The rates on the page, each with the number of what it was measured by.
RATES = (("fill_rate", "demanded_qty"), ("otif_rate", "promised_count"))

# A single month is no line in a graph.
LISTED_FIRST = ("list", "kanban", "pivot", "graph")


class VmiOverview(models.AbstractModel):
    _inherit = "vmi.overview"

    @api.model
    def _get_sections(self, scope):
        """Add how well vendors have served, month by month."""
        section = self._section(
            "service", self.env._("Service"), *self._service_tiles_and_charts(scope)
        )
        return [*super()._get_sections(scope), section]

    @api.model
    def _service_tiles_and_charts(self, scope):
        rows = self.env["vmi.performance"]
        this_month = self.env.company._vmi_today().replace(day=1)
        months = [
            this_month - relativedelta(months=ago) for ago in reversed(range(SCORECARD_MONTHS))
        ]
        domain = self._scope_domain(scope, "agreement_id.")
        domain &= Domain("month", ">=", Date.to_string(months[0]))
        aggregates = [spec for rate, basis in RATES for spec in (f"{rate}:avg", f"{basis}:sum")]
        found = {
            month: values
            for month, *values in rows._read_group(domain, ["month:month"], aggregates)
        }
        if not found:
            return [], []
        labels = {
            "fill_rate": self.env._("Fill Rate"),
            "otif_rate": self.env._("On Time in Full"),
        }
        lines = {}
        for place, (rate, _basis) in enumerate(RATES):
            lines[labels[rate]] = [
                self._known_rate(found.get(month), 2 * place) for month in months
            ]
        tiles = [
            self._tile(
                rate,
                labels[rate],
                lines[labels[rate]][-2],
                "percentage",
                icon=icon,
                hint=self.env._("in %s", format_month(self.env, months[-2])),
                action=self._open(
                    "supply_partner_performance.vmi_performance_action",
                    # The month that the figure is of, and what it was measured by.
                    domain
                    & Domain("month", "=", Date.to_string(months[-2]))
                    & Domain(basis, ">", 0),
                    {"graph_measure": rate, "pivot_measures": [rate]},
                    views=[(False, kind) for kind in LISTED_FIRST],
                    view_mode=",".join(LISTED_FIRST),
                ),
            )
            for (rate, basis), icon in zip(RATES, ("fa-check-circle", "fa-truck"), strict=True)
        ]
        names = [format_month(self.env, month) for month in months]
        chart = self._chart("service", self.env._("Service by Month"), names, lines, "percentage")
        return tiles, [chart]

    @api.model
    def _known_rate(self, values, place):
        """Return a rate; None where nothing was due."""
        return values[place] if values and values[place + 1] else None
