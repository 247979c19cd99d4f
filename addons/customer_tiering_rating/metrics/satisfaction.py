from odoo.addons.customer_tiering.metrics import Metric, Source, made_for, read_documents, register
from odoo.addons.rating.models.rating_data import RATING_LIMIT_MIN
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

BEST_RATING = 5


@register
class RatingSource(Source):
    """``average`` of the ratings, 1 to 5, that the customer's contacts gave in the period.

    A rating belongs to the company of the rated record; one of a record without a company,
    such as a product or a chat, counts for every company. 0 means that nothing was rated.
    Documents that add-ons count here are ratings that were given, each with the same weight.
    """

    code = "ratings"
    document_columns = (
        "partner_id",
        "rated_company_id",
        "consumed",
        "rating",
        "rated_on",
        "create_date",
    )

    def query(self, scope):
        own = SQL(
            """
            SELECT %s AS partner_id, rated_company_id, consumed, rating, rated_on, create_date
              FROM rating_rating
            """,
            made_for(SQL("rating_rating"), SQL("partner_id")),
        )
        # When it was given; ratings of earlier versions know only when they were asked for.
        given_on = SQL("COALESCE(rating.rated_on, rating.create_date)")
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   AVG(rating.rating::numeric) AS average
              FROM %(ratings)s AS rating
              JOIN res_partner AS partner ON partner.id = rating.partner_id
             WHERE rating.consumed
               AND rating.rating >= %(least)s
               AND %(given_on)s >= %(start)s
               AND %(given_on)s < %(until)s
               AND (rating.rated_company_id = ANY(%(companies)s)
                    OR rating.rated_company_id IS NULL)
          GROUP BY partner.commercial_partner_id
            """,
            ratings=read_documents(scope, self, own),
            least=RATING_LIMIT_MIN,
            given_on=given_on,
            start=scope.window_start_utc,
            until=scope.end_utc,
            companies=list(scope.company_ids),
        )


@register
class Satisfaction(Metric):
    """Average rating as part of the best one; missing without a rating in the period."""

    code = "satisfaction"
    name = _lt("Satisfaction")
    dimension = "loyalty"
    unit = "ratio"
    sources = ("ratings",)

    def expression(self, scope):
        return SQL("ratings.average / %s", BEST_RATING)
