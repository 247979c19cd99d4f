"""What was defective of what came, by the day on which it came.

Defective of a receipt is what failed an inspection, or what went back and was scrapped for the
vendor's fault, whichever is more, and never more than came. Receipts are valued at the promised
price: units of two products are never added up.
"""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..engine import RECEIVED, TRANSFER, receipts_from
from .registry import Measure, Source, register

_lt = LazyTranslate(__name__)


@register
class Receipts(Source):
    """The receipts of the period, replacements too."""

    code = "receipts"

    def failed_query(self, scope):
        """Return the SELECT of what failed an inspection; a hook.

        :return: SQL with ``move_id`` of a receipt and ``quantity``, in the product's unit
        """
        return SQL("SELECT NULL::integer AS move_id, NULL::double precision AS quantity LIMIT 0")

    def query(self, scope):
        return SQL(
            """
            WITH failed AS MATERIALIZED (
                SELECT move_id, SUM(quantity) AS quantity FROM (%(failed)s) AS each
              GROUP BY move_id
            ),
            scrap AS MATERIALIZED (
                SELECT scrap.id, scrap.picking_id, scrap.lot_id, scrap.product_id,
                       COALESCE(scrap.date_done, scrap.create_date) AS date,
                       scrap.scrap_qty::double precision * unit.factor::double precision
                           / own.factor::double precision AS quantity
                  FROM stock_scrap scrap
                  JOIN product_product product ON product.id = scrap.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                  JOIN uom_uom unit ON unit.id = scrap.product_uom_id
                 WHERE scrap.state = 'done' AND scrap.company_id = %(company)s
                   AND EXISTS (SELECT FROM %(scrap_tags)s tagged
                                 JOIN stock_scrap_reason_tag tag
                                   ON tag.id = tagged.stock_scrap_reason_tag_id
                                WHERE tagged.stock_scrap_id = scrap.id
                                  AND tag.is_vendor_fault)
            ),
            -- Most receipts are good: those alone are looked at that something may be held against.
            suspect AS MATERIALIZED (
                SELECT move_id FROM failed
                 UNION
                SELECT origin_returned_move_id FROM stock_move
                 WHERE origin_returned_move_id IS NOT NULL AND state = 'done'
                 UNION
                SELECT move.id FROM scrap JOIN stock_move move ON move.picking_id = scrap.picking_id
                 UNION
                SELECT piece.move_id FROM scrap
                  JOIN stock_move_line piece ON piece.lot_id = scrap.lot_id
            ),
            receipt AS MATERIALIZED (
                SELECT move.id, move.picking_id, move.product_id, move.date, promise.partner_id,
                       %(day)s AS day, promise.price_unit::double precision AS price,
                       %(quantity)s AS quantity
                       %(suspects)s
            ),
            returned AS MATERIALIZED (
                SELECT receipt.id, SUM(move.quantity::double precision
                           * unit.factor::double precision / own.factor::double precision)
                           AS quantity
                  FROM receipt
                  JOIN stock_move move
                    ON move.origin_returned_move_id = receipt.id AND move.state = 'done'
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                  JOIN uom_uom unit ON unit.id = move.product_uom
                  JOIN stock_location destination ON destination.id = move.location_dest_id
             LEFT JOIN stock_picking picking ON picking.id = move.picking_id
                 WHERE destination.usage IN ('supplier', 'transit')
                   AND picking.vendor_is_own_return IS NOT TRUE AND %(still_open)s
              GROUP BY receipt.id
            ),
            -- A lot that came from one vendor alone is that vendor's.
            lot AS MATERIALIZED (
                SELECT piece.lot_id, MIN(receipt.id) AS move_id
                  FROM scrap
                  JOIN stock_move_line piece ON piece.lot_id = scrap.lot_id
                  JOIN receipt ON receipt.id = piece.move_id
              GROUP BY piece.lot_id
                HAVING COUNT(DISTINCT receipt.partner_id) = 1
            ),
            scrapped AS MATERIALIZED (
                SELECT receipt.id, SUM(scrap.quantity) AS quantity
                  FROM scrap
             LEFT JOIN lot ON lot.lot_id = scrap.lot_id
                  JOIN receipt
                    ON receipt.id = COALESCE(
                           (SELECT MIN(own.id) FROM receipt own
                             WHERE own.picking_id = scrap.picking_id
                               AND own.product_id = scrap.product_id),
                           lot.move_id)
                 WHERE %(scrap_still_open)s
              GROUP BY receipt.id
            ),
            defect AS (
                SELECT partner_id, SUM(price * LEAST(receipt.quantity, GREATEST(
                           COALESCE(failed.quantity, 0),
                           COALESCE(returned.quantity, 0) + COALESCE(scrapped.quantity, 0))))
                           AS value
                  FROM receipt
             LEFT JOIN returned ON returned.id = receipt.id
             LEFT JOIN scrapped ON scrapped.id = receipt.id
             LEFT JOIN failed ON failed.move_id = receipt.id
              GROUP BY partner_id
            ),
            event AS (%(summed)s),
            total AS (
                SELECT partner_id, COUNT(*) AS events, SUM(value) AS value,
                       SUM(lines)::double precision ^ 2
                           / NULLIF(SUM(lines::double precision * lines), 0) AS effective
                  FROM event
              GROUP BY partner_id
            )
            SELECT total.*, COALESCE(defect.value, 0) AS defective
              FROM total
         LEFT JOIN defect ON defect.partner_id = total.partner_id
            """,
            day=scope.local_day(SQL("move.date")),
            company=scope.company_id,
            quantity=RECEIVED,
            summed=self._summed_query(scope),
            suspects=receipts_from(
                scope,
                SQL(
                    "suspect CROSS JOIN LATERAL (SELECT * FROM stock_move"
                    " WHERE id = suspect.move_id OFFSET 0) AS move"
                ),
            ),
            still_open=self._still_open(scope, SQL("move.date")),
            scrap_still_open=self._still_open(scope, SQL("scrap.date")),
            scrap_tags=SQL.identifier("stock_scrap_stock_scrap_reason_tag_rel"),
            failed=self.failed_query(scope),
        )

    def _summed_query(self, scope):
        """Return the SELECT of what came by vendor and transfer."""
        if scope.has_receipts:
            return SQL(
                """
                SELECT partner_key AS partner_id, SUM(lines) AS lines, SUM(value) AS value
                  FROM vendor_receipt
                 WHERE company_key = %s AND %s AND %s
              GROUP BY partner_key, transfer_key
                """,
                scope.company_id,
                scope.in_period(SQL("day")),
                scope.of_vendors(SQL("partner_key")),
            )
        return SQL(
            """
                SELECT promise.partner_id, COUNT(*) AS lines,
                       SUM(%(received)s * promise.price_unit::double precision) AS value
                       %(receipts)s
              GROUP BY promise.partner_id, %(transfer)s
            """,
            received=RECEIVED,
            receipts=receipts_from(scope, SQL("stock_move move")),
            transfer=TRANSFER,
        )

    def _still_open(self, scope, moment):
        """Return the SQL condition for a moment to lie in the days that a receipt stays open."""
        return SQL(
            "%(moment)s >= receipt.date AND %(day)s <= receipt.day + %(days)s",
            moment=moment,
            day=scope.local_day(moment),
            days=scope.quality_days,
        )


@register
class Quality(Measure):
    code = "quality"
    name = _lt("Defect Rate")
    help = _lt(
        "The share of the received value that was defective: failed, sent back or scrapped for the "
        "vendor's fault within 90 days."
    )
    higher_is_better = False
    topic = "quality"
    source = "receipts"
    expression = "defective / NULLIF(value, 0)"
    base = "events"
    effective = "effective"
