from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..tools.competitors import SPELLINGS
from ..tools.quadrants import PLOT, find_means, lay_out, place_beside

FIGURES = ("importance", "performance", "competitor_performance", "competitive_gap")


class CustomerCompetitor(models.Model):
    """A competitor from whom customers also buy, and what they think of it beside us.

    Customers name it in their own words: its name and other spellings find its answers, also
    those from before it was entered here.
    """

    _name = "customer.competitor"
    _description = "Competitor"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    spellings = fields.Text(
        "Other Spellings",
        help="Other names by which customers call this competitor, one per line. Capital letters, "
        "spaces and full-width letters make no difference.",
    )
    customer_count = fields.Integer(
        "Customers", compute="_compute_figures", help="Customers who named this competitor."
    )
    answer_count = fields.Integer("Answers", compute="_compute_figures")
    competitive_gap = fields.Float(
        "Gap to Competitor",
        digits=(3, 2),
        compute="_compute_figures",
        help="Your performance less the competitor's, over all aspects, as customers who gave both "
        "see it.",
    )
    matrix = fields.Html(compute="_compute_matrix", sanitize=False)

    _name_unique = models.UniqueIndex(
        "(lower(btrim(name)))", "There is a competitor with this name already."
    )
    _has_name = models.Constraint("CHECK (btrim(name) != '')", "A competitor needs a name.")

    @api.constrains("name", "spellings")
    def _check_spellings(self):
        """Let a name mean one competitor."""
        self.flush_model(["name", "spellings"])
        shared = self.env.execute_query(
            SQL(
                """
                SELECT MIN(competitor_id), MAX(competitor_id), key
                  FROM (%s) AS spelling
              GROUP BY key
                HAVING COUNT(DISTINCT competitor_id) > 1
                   AND BOOL_OR(competitor_id = ANY(%s))
                 LIMIT 1
                """,
                SPELLINGS,
                self.ids,
            )
        )
        for first, second, spelling in shared:
            raise ValidationError(
                self.env._(
                    "“%(spelling)s” is a spelling of %(first)s and of %(second)s: a name means one "
                    "competitor. Merge them, or remove the spelling from one.",
                    spelling=spelling,
                    first=self.browse(first).name,
                    second=self.browse(second).name,
                )
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_figures(self):
        found = {
            competitor.id: figures
            for competitor, *figures in self.env["customer.satisfaction.report"]._read_group(
                [("competitor_id", "in", self.ids)],
                ["competitor_id"],
                [
                    "customer_id:count_distinct",
                    "user_input_id:count_distinct",
                    "competitive_gap:avg",
                ],
            )
        }
        for competitor in self:
            customers, answers, gap = found.get(competitor._origin.id, (0, 0, 0))
            competitor.customer_count = customers
            competitor.answer_count = answers
            competitor.competitive_gap = gap or 0

    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_matrix(self):
        for competitor in self:
            figures = competitor._get_figures()
            competitor.matrix = (
                self.env["ir.qweb"]._render(
                    "customer_tiering_survey.competitor_matrix",
                    competitor._prepare_matrix(figures),
                )
                if figures
                else Markup()
            )

    def action_view_report(self):
        """Open the answers that name the competitor, one by one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering_survey.customer_satisfaction_report_competition_action"
        )
        return action | {"domain": [("competitor_id", "=", self.id)], "context": {}}

    def action_view_unrecognized(self):
        """Open the answers whose competitor is none of those that are known, by name."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering_survey.customer_satisfaction_report_competition_action"
        )
        return action | {
            "name": self.env._("Names Not Recognized"),
            "views": sorted(action["views"], key=lambda view: view[1] != "list"),
            "context": {
                "search_default_unrecognized": 1,
                "search_default_group_by_competitor_name": 1,
            },
        }

    def action_merge(self):
        """Join competitors into the oldest one: the others' names become spellings of it."""
        if len(self) < 2:
            raise UserError(self.env._("Select the competitors that are the same one."))
        kept, *others = self.sorted("id")
        spellings = [
            kept.spellings,
            *(text for one in others for text in (one.name, one.spellings)),
        ]
        self.browse([one.id for one in others]).unlink()
        kept.spellings = "\n".join(filter(None, spellings))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": kept.id,
            "views": [(False, "form")],
        }

    def _get_figures(self):
        """Return {aspect: {figure: mean from 1 to 5, None without answers, "count": answers}}.

        All is by the answers that name this competitor. The gap is the mean difference over those
        that judged both, and they are what is counted.
        """
        rows = self.env["customer.satisfaction.report"]._read_group(
            Domain("competitor_id", "in", self.ids) & Domain("aspect_id", "!=", False),
            ["aspect_id"],
            [*(f"{figure}:avg" for figure in FIGURES), "competitive_gap:count"],
        )
        return {
            aspect: {
                "count": count,
                **{
                    figure: None if mean is False else mean
                    for figure, mean in zip(FIGURES, means, strict=True)
                },
            }
            for aspect, *means, count in sorted(rows, key=lambda row: (row[0].sequence, row[0].id))
        }

    @api.model
    def _get_quadrants(self):
        """Return what is shown of each quadrant; columns and rows are counted from 0."""
        names = ("label", "badge", "text", "column", "row")
        shown = {
            "catch_up": (self.env._("Catch up first"), "text-bg-danger", "text-danger", 0, 0),
            "defend": (self.env._("Defend the lead"), "text-bg-success", "text-success", 1, 0),
            "minor_weakness": (
                self.env._("Minor weakness"),
                "text-bg-secondary",
                "text-muted",
                0,
                1,
            ),
            "minor_strength": (self.env._("Minor strength"), "text-bg-info", "text-info", 1, 1),
        }
        return {code: dict(zip(names, values, strict=True)) for code, values in shown.items()}

    @api.model
    def _prepare_matrix(self, figures):
        """Return what the template shows, as texts in the reader's language."""
        matrices = self.env["customer.satisfaction.matrix"]
        pairs = {
            aspect: (found["importance"], found["competitive_gap"])
            for aspect, found in figures.items()
        }
        means = find_means(pairs.values())
        mean_importance = means and means[0]
        quadrants = self._get_quadrants()
        return {
            "rows": [
                {
                    "number": number,
                    "aspect": aspect.name,
                    "quadrant": quadrants.get(place_beside(*pairs[aspect], mean_importance)),
                    **{figure: matrices._format_mean(found[figure]) for figure in FIGURES},
                    "competitive_gap": self._format_gap(found["competitive_gap"]),
                    "gap_style": matrices._get_gap_style(found["competitive_gap"]),
                    "count": formatLang(self.env, found["count"], digits=0),
                }
                for number, (aspect, found) in enumerate(figures.items(), start=1)
            ],
            "quadrants": quadrants.values(),
            "plot": PLOT,
            "picture": means
            and {
                "marks": lay_out(list(pairs.values()), (mean_importance, 0)),
                "importance": matrices._format_mean(mean_importance),
            },
        }

    def _format_gap(self, gap):
        if gap is None:
            return "–"
        shown = formatLang(self.env, gap, digits=2)
        return f"+{shown}" if round(gap, 2) > 0 else shown
