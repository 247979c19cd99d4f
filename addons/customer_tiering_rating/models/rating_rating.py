from odoo import api, fields, models


class RatingRating(models.Model):
    _name = "rating.rating"
    _inherit = ["rating.rating", "customer.document"]

    rated_company_id = fields.Many2one(
        "res.company",
        "Rated company",
        compute="_compute_rated_company_id",
        store=True,
        help="The company of the rated record, as it was when the rating was given.",
    )

    @api.depends("res_model", "res_id", "consumed")
    def _compute_rated_company_id(self):
        self.rated_company_id = False
        for model, ratings in self.grouped("res_model").items():
            field = model in self.env and self.env[model]._fields.get("company_id")
            if not field or field.comodel_name != "res.company":
                continue
            # Whoever rates or reads ratings may not be allowed to read the rated record.
            records = self.env[model].sudo().browse(ratings.mapped("res_id")).exists()
            companies = {record.id: record.company_id.id for record in records}
            for rating in ratings:
                rating.rated_company_id = companies.get(rating.res_id)
