from odoo import fields, models
from odoo.tools import SQL


class CustomerPromiseReport(models.Model):
    """Compliance with service levels: promised and actual dates, a row per promise.

    Add-ons add sources of promises, see ``_promise_sources``.
    """

    _name = "customer.promise.report"
    _description = "Service Level Compliance"
    _auto = False
    _rec_name = "partner_id"
    _order = "promised_date desc, id desc"

    # Each add-on adds the kinds of promises that it measures.
    kind = fields.Selection([], "Type", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    tier_id = fields.Many2one(
        "customer.tier", readonly=True, help="The customer's tier at the time."
    )
    promised_date = fields.Datetime("Promised", readonly=True)
    kept_date = fields.Datetime("Done on", readonly=True)
    state = fields.Selection(
        [("kept", "Kept"), ("broken", "Missed"), ("open", "Open")],
        "Status",
        readonly=True,
        help="Missed: done too late, or overdue. Open: not done and not yet due; does not count.",
    )
    decided_count = fields.Integer(
        "Due", readonly=True, aggregator="sum", help="Number kept or missed."
    )
    is_kept = fields.Integer("Kept", readonly=True, aggregator="sum")
    attainment = fields.Float(
        "% Kept", readonly=True, aggregator="avg", help="Kept, as a share of kept and missed."
    )
    days_late = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Days from the promised date until it was done, or until now. 0 when kept.",
    )
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)

    def _promise_sources(self):
        """Return the queries that the analysis is made of; add-ons add theirs.

        A query gives a row per promise with the columns

        - ``id``: unique and stable within the source
        - ``kind``: a value of the field
        - ``partner_id``, ``company_id``, ``tier_id`` (as of the promise, or NULL)
        - ``promised_date``: the moment that was promised (UTC)
        - ``due``: the last moment at which the promise is kept (UTC); with a promised day, its
          end
        - ``kept_date``: when it was done (UTC), or NULL
        - ``res_model``, ``res_id``: the document that the promise is about

        :return: a list of :class:`odoo.tools.SQL`, always in the same order
        """
        return []

    @property
    def _table_query(self):
        sources = [self._no_promises(), *self._promise_sources()]
        return SQL(
            """
            SELECT promise.id, kind, partner_id, company_id, tier_id, promised_date, kept_date,
                   res_model, res_id,
                   CASE outcome WHEN 1 THEN 'kept' WHEN 0 THEN 'broken' ELSE 'open' END AS state,
                   (outcome IS NOT NULL)::integer AS decided_count,
                   outcome AS is_kept,
                   outcome::double precision AS attainment,
                   CASE WHEN outcome IS NOT NULL
                        THEN GREATEST(
                            0, EXTRACT(epoch FROM COALESCE(kept_date, %(now)s) - due) / 86400
                        )
                    END AS days_late
              FROM (%(promises)s) AS promise
        CROSS JOIN LATERAL (
                       SELECT CASE WHEN COALESCE(kept_date, %(now)s) > due THEN 0
                                   WHEN kept_date IS NOT NULL THEN 1
                               END AS outcome
                   ) AS judged
            """,
            now=fields.Datetime.now(),
            promises=SQL(" UNION ALL ").join(
                SQL(
                    """
                    SELECT id::bigint * %s + %s AS id, kind, partner_id, company_id, tier_id,
                           promised_date, due, kept_date, res_model, res_id
                      FROM (%s) AS source
                    """,
                    len(sources),
                    place,
                    source,
                )
                for place, source in enumerate(sources)
            ),
        )

    def _no_promises(self):
        """Return a source without rows, which gives the columns their types."""
        return SQL(
            """
            SELECT NULL::integer AS id, NULL::varchar AS kind, NULL::integer AS partner_id,
                   NULL::integer AS company_id, NULL::integer AS tier_id,
                   NULL::timestamp AS promised_date, NULL::timestamp AS due,
                   NULL::timestamp AS kept_date, NULL::varchar AS res_model,
                   NULL::integer AS res_id
             WHERE FALSE
            """
        )

    def action_view_document(self):
        """Open the document that the promise is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
