from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Date
from odoo.tools import format_date

MONTHS_SHOWN = 13
# Every level of the scorecard: its figures from the most telling on, how each is written, and
# whether more is better (1), worse (-1) or neither (0).
PYRAMID = (
    ("service", (("fill_rate", "percentage", 1), ("otif_rate", "percentage", 1),
                 ("in_stock_rate", "percentage", 1))),
    ("assets", (("stock_value", "monetary", 0), ("days_of_supply", "days", 0),
                ("turns", "number", 1))),
    ("cost", (("ordered_value", "monetary", 0), ("order_count", "integer", 0),
              ("price_excess", "monetary", -1))),
)  # fmt: skip


class VmiPerformancePyramid(models.Model):
    """The supply_scorecard of service, assets and cost: a page that shows a year at a glance."""

    _inherit = "vmi.performance"

    @api.model
    @api.readonly
    def get_supply_scorecard(self, agreement_id=None):
        """Return what the page shows of the current company.

        :param agreement_id: of one agreement alone
        :return: a dict with ``months`` (their names, the current one last), ``levels`` (each
            with ``code``, ``title`` and ``figures``: field name, label, help, kind, direction
            and a value or None per month), ``agreements`` (pairs of id and name to choose
            from), ``currency_id``, and ``domain`` (of the rows behind it)
        """
        company = self.env.company
        this_month = company._vmi_today().replace(day=1)
        months = [this_month - relativedelta(months=ago) for ago in reversed(range(MONTHS_SHOWN))]
        domain = [("company_id", "=", company.id), ("month", ">=", Date.to_string(months[0]))]
        if agreement_id:
            domain.append(("agreement_id", "=", agreement_id))
        described = self.fields_get(
            [name for _code, figures in PYRAMID for name, _kind, _direction in figures],
            ["string", "help", "aggregator"],
        )
        specs = {name: f"{name}:{field['aggregator']}" for name, field in described.items()}
        rows = {
            month: dict(zip(specs, values, strict=True))
            for month, *values in self._read_group(domain, ["month:month"], [*specs.values()])
        }
        return {
            "months": [format_date(self.env, month, date_format="MMM y") for month in months],
            "levels": [
                {
                    "code": code,
                    "title": title,
                    "figures": [
                        {
                            "name": name,
                            "label": described[name]["string"],
                            "help": described[name].get("help") or "",
                            "kind": kind,
                            "direction": direction,
                            "values": [rows.get(month, {}).get(name) for month in months],
                        }
                        for name, kind, direction in figures
                    ],
                }
                for (code, figures), title in zip(PYRAMID, self._get_level_titles(), strict=True)
            ],
            "agreements": [
                (agreement.id, f"{agreement.name} · {agreement.partner_id.display_name}")
                for agreement in self.env["vmi.agreement"].search(
                    [("company_id", "=", company.id), ("state", "!=", "draft")], limit=200
                )
            ],
            "currency_id": company.currency_id.id,
            "domain": domain,
        }

    def _get_level_titles(self):
        return (self.env._("Service"), self.env._("Assets"), self.env._("Cost"))

    @api.model
    def refresh_supply_scorecard(self, agreement_id=None):
        """Measure now what the page shows of the current company.

        :param agreement_id: one agreement alone
        """
        domain = [("company_id", "=", self.env.company.id)]
        if agreement_id:
            domain.append(("id", "=", agreement_id))
        self.env["vmi.agreement"].search(domain).action_refresh_performance()
