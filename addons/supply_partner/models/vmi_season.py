from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Indices older than that are found anew with the next review.
LASTING_DAYS = 28
MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]


class VmiSeason(models.Model):
    """How much more, or less, than the mean a category sells in a month.

    It is kept, because it is pooled over all lines of a category with two years of history, and
    a review of one line shall find the same as one of all.
    """

    _name = "vmi.season"
    _description = "Season of a Category"
    _rec_name = "categ_id"
    _order = "company_id, categ_id, month"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    categ_id = fields.Many2one(
        "product.category",
        "Category",
        readonly=True,
        ondelete="cascade",
        help="Empty: of the products without a category.",
    )
    month = fields.Integer("Month Number", required=True, readonly=True, aggregator=None)
    month_name = fields.Selection(MONTHS, "Month", compute="_compute_month_name")
    index = fields.Float(
        required=True,
        readonly=True,
        aggregator="avg",
        help="What the month sells against the mean of two years; at least 0.2.",
    )
    date = fields.Date("Found On", required=True, readonly=True)

    _once_a_month = models.UniqueIndex("(company_id, COALESCE(categ_id, 0), month)")

    @api.depends("month")
    def _compute_month_name(self):
        for season in self:
            season.month_name = str(season.month) if 1 <= season.month <= 12 else False

    @api.model
    def _refresh_old(self, lines):
        """Find the indices of the categories of seasonal lines anew where they are too old.

        :param lines: lines of one company that are about to be reviewed
        """
        # Not one by one: they are many, and few are seasonal.
        seasonal = lines.search(
            [("id", "in", lines.ids), ("is_seasonal", "=", True), ("method", "=", "forecast")]
        )
        if not seasonal:
            return
        company = seasonal.company_id
        fresh = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date", ">", company._vmi_today() - timedelta(days=LASTING_DAYS)),
            ]
        )
        known = {season.categ_id for season in fresh}
        missing = {line.product_id.categ_id for line in seasonal} - known
        if missing:
            self._refresh(company, [category.id for category in missing])

    @api.model
    def _refresh(self, company, category_ids):
        """Find the indices of categories from the demand of their seasonal lines.

        :param category_ids: False stands for the products without a category
        """
        lines = (
            self.env["vmi.agreement.line"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("state", "in", ("running", "suspended")),
                    ("method", "=", "forecast"),
                    ("is_seasonal", "=", True),
                    ("product_id.categ_id", "in", category_ids),
                ]
            )
        )
        if not lines:
            return
        with lines._prepare_review(company) as review:
            rows = review.find_season_indices()
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO vmi_season (company_id, categ_id, month, index, date) VALUES %s "
                "ON CONFLICT (company_id, COALESCE(categ_id, 0), month) "
                "DO UPDATE SET index = EXCLUDED.index, date = EXCLUDED.date",
                SQL(", ").join(
                    SQL("(%s, %s, %s, %s, %s)", company.id, *row, company._vmi_today())
                    for row in rows
                ),
            )
        )
        self.invalidate_model()
