from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..tools.quadrants import PLOT, find_means, lay_out, place

FIGURES = ("importance", "performance", "expectation", "perception", "gap")


class CustomerSatisfactionMatrix(models.Model):
    """A satisfaction survey's aspects by importance and performance, and their gaps.

    Importance and performance: Martilla and James, Importance-Performance Analysis, 1977.
    Gap of perception and expectation: Parasuraman, Zeithaml and Berry, SERVQUAL, 1988.
    """

    _name = "customer.satisfaction.matrix"
    _description = "Satisfaction Matrix"
    _auto = False
    _rec_name = "title"
    _order = "id desc"

    survey_id = fields.Many2one("survey.survey", readonly=True)
    title = fields.Char(compute="_compute_title", compute_sudo=True, search="_search_title")
    answer_count = fields.Integer("Answers", compute="_compute_answer_count")
    matrix = fields.Html(compute="_compute_matrix", sanitize=False)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT DISTINCT survey_id AS id, survey_id
              FROM survey_question
             WHERE satisfaction_aspect_id IS NOT NULL
            """
        )

    @api.depends("survey_id")
    @api.depends_context("lang")
    def _compute_title(self):
        for matrix in self:
            matrix.title = matrix.survey_id.title

    @api.model
    def _search_title(self, operator, value):
        # Whoever sees the matrix sees its title, but not the survey.
        surveys = self.env["survey.survey"].sudo().search([("title", operator, value)])
        return [("survey_id", "in", surveys.ids)]

    @api.depends("survey_id")
    def _compute_answer_count(self):
        counts = dict(
            self.env["customer.satisfaction.report"]._read_group(
                [("survey_id", "in", self.survey_id.ids)],
                ["survey_id"],
                ["user_input_id:count_distinct"],
            )
        )
        for matrix in self:
            matrix.answer_count = counts.get(matrix.survey_id, 0)

    @api.depends("survey_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_matrix(self):
        for matrix in self:
            figures = matrix._get_figures()
            matrix.matrix = (
                self.env["ir.qweb"]._render(
                    "customer_tiering_survey.satisfaction_matrix", self._prepare_matrix(figures)
                )
                if figures
                else Markup()
            )

    def action_view_report(self):
        """Open the answers about the aspects, one by one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering_survey.customer_satisfaction_report_action"
        )
        return action | {"domain": [("survey_id", "=", self.survey_id.id)]}

    def _get_figures(self):
        """Return {aspect: {figure: mean from 1 to 5, None where it was not answered}}.

        The gap is the mean difference over the answers that gave both its sides.
        """
        rows = self.env["customer.satisfaction.report"]._read_group(
            [("survey_id", "=", self.survey_id.id), ("aspect_id", "!=", False)],
            ["aspect_id"],
            [f"{figure}:avg" for figure in FIGURES],
        )
        return {
            aspect: {
                figure: None if mean is False else mean
                for figure, mean in zip(FIGURES, means, strict=True)
            }
            for aspect, *means in sorted(rows, key=lambda row: (row[0].sequence, row[0].id))
        }

    @api.model
    def _get_quadrants(self):
        """Return what is shown of each quadrant; columns and rows are counted from 0."""
        names = ("label", "badge", "text", "column", "row")
        shown = {
            "improve_first": (self.env._("Improve first"), "text-bg-danger", "text-danger", 0, 0),
            "keep_up": (self.env._("Keep up"), "text-bg-success", "text-success", 1, 0),
            "low_priority": (self.env._("Low priority"), "text-bg-secondary", "text-muted", 0, 1),
            "overdone": (self.env._("Overdone"), "text-bg-info", "text-info", 1, 1),
        }
        return {code: dict(zip(names, values, strict=True)) for code, values in shown.items()}

    @api.model
    def _prepare_matrix(self, figures):
        """Return what the template shows, as texts in the reader's language."""
        pairs = {
            aspect: (means["importance"], means["performance"]) for aspect, means in figures.items()
        }
        means = find_means(pairs.values())
        quadrants = self._get_quadrants()
        rows = []
        for number, (aspect, found) in enumerate(figures.items(), start=1):
            rows.append(
                {
                    "number": number,
                    "aspect": aspect.name,
                    "quadrant": quadrants.get(place(*pairs[aspect], means)),
                    **{figure: self._format_mean(found[figure]) for figure in FIGURES},
                    "gap_style": self._get_gap_style(found["gap"]),
                }
            )
        return {
            "rows": rows,
            "quadrants": quadrants.values(),
            "plot": PLOT,
            "picture": means
            and {
                "marks": lay_out(list(pairs.values()), means),
                "importance": self._format_mean(means[0]),
                "performance": self._format_mean(means[1]),
            },
            "shown": {
                figure: any(found[figure] is not None for found in figures.values())
                for figure in FIGURES
            },
        }

    def _format_mean(self, mean):
        return "–" if mean is None else formatLang(self.env, mean, digits=2)

    def _get_gap_style(self, gap):
        if gap is None or round(gap, 2) == 0:
            return ""
        return "text-danger" if gap < 0 else "text-success"
