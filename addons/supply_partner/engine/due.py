"""The lines that are reviewed, with what is agreed and what the vendor's row says."""

from odoo.tools import SQL

from ..tools import SEASON_WEEKS, WEEKS


def due_query(scope):
    """Return the SELECT of the lines to review.

    :return: SQL with a row per line: ids, method and figures, ``seller_id`` with ``delay``,
        ``seller_factor`` (the vendor's unit in units of the product), ``multiple`` (what
        quantities are rounded up to, in units of the product; NULL: not rounded), ``minimum_qty``,
        ``hindrance`` (why nothing can be ordered, whatever is missing; NULL: nothing),
        ``reach_days`` (the days ahead that count), the moments up to which things count,
        ``has_forecast`` (whether its weeks are looked at, for a forecast or to compare one with
        what came) and ``look_back_weeks``
    """
    reach = SQL(
        "(COALESCE(sellers.delay, 0) + %s + line.planning_horizon_days)", scope.days_to_purchase
    )
    return SQL(
        """
        WITH frequencies (agreement_id, interval_days, next_date) AS (%(review_days)s),
        hindrances (line_id, problem) AS (%(hindrances)s),
        steps (unit_id, product_unit_id, step) AS (%(steps)s),
        lines AS (
            SELECT line.id, line.agreement_id, line.product_id, line.location_id,
                   line.orderpoint_id, line.state, line.partner_id, line.company_id, line.method,
                   line.min_qty, line.max_qty, line.min_days, line.max_days, line.min_floor,
                   line.service_target, line.cover_days, line.is_seasonal, line.predecessor_id,
                   line.predecessor_factor, line.season_min_qty, line.season_max_qty,
                   line.season_start, line.season_end, line.order_start_date,
                   line.order_stop_date, line.replenishment_uom_id,
                   agreement.planning_horizon_days, agreement.demand_period_days,
                   agreement.counts_transfers, agreement.glide_share,
                   agreement.currency_id, frequencies.interval_days, frequencies.next_date,
                   product.product_tmpl_id, template.uom_id, unit.factor AS unit_factor,
                   template.categ_id, %(look_back)s AS look_back_weeks,
                   line.method = 'forecast' OR line.id IN (
                       SELECT line_id FROM vmi_forecast WHERE NOT is_compared) AS has_forecast,
                   partner.commercial_partner_id, partner.parent_id AS parent_partner_id,
                   CASE WHEN NOT partner.active THEN 'vendor_archived'
                        WHEN NOT (location.active AND warehouse.active) THEN 'location_archived'
                        WHEN NOT product.active THEN 'product_archived'
                        WHEN NOT COALESCE(template.is_storable, FALSE) THEN 'not_tracked'
                   END AS hindrance
              FROM vmi_agreement_line line
              JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
              JOIN frequencies ON frequencies.agreement_id = line.agreement_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = template.uom_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN stock_location location ON location.id = line.location_id
              JOIN stock_warehouse warehouse ON warehouse.id = agreement.warehouse_id
             WHERE line.id = ANY(%(lines)s)
            -- Planned by itself: of so many tables PostgreSQL would try very many orders.
            OFFSET '0'
        ),
        sellers AS (
            -- Not of lines: what is read twice PostgreSQL keeps, and one process does it.
            -- The row that the orderpoint keeps to comes first, as its lead days are Odoo's.
            SELECT DISTINCT ON (line.id)
                   line.id AS line_id, seller.id AS seller_id, seller.delay,
                   seller.product_uom_id, unit.factor AS sold_factor,
                   MIN(seller.min_qty * unit.factor) OVER (PARTITION BY line.id) AS least
              FROM vmi_agreement_line line
              JOIN product_product product ON product.id = line.product_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN product_supplierinfo seller
                ON seller.product_tmpl_id = product.product_tmpl_id
               AND COALESCE(seller.product_id = line.product_id, TRUE)
               AND seller.partner_id IN (line.partner_id, partner.parent_id)
               AND (seller.company_id IS NULL OR seller.company_id = %(company)s)
               AND (seller.date_start IS NULL OR seller.date_start <= %(today)s)
               AND (seller.date_end IS NULL OR seller.date_end >= %(today)s)
              JOIN res_partner vendor ON vendor.id = seller.partner_id AND vendor.active
              JOIN uom_uom unit ON unit.id = seller.product_uom_id
         LEFT JOIN stock_warehouse_orderpoint point ON point.id = line.orderpoint_id
             WHERE line.id = ANY(%(lines)s)
          ORDER BY line.id, seller.id IS NOT DISTINCT FROM point.supplier_id DESC,
                   seller.sequence, seller.min_qty DESC, seller.price, seller.id
        )
        -- First what is looked at most, for PostgreSQL reads a row up to what it looks for.
        SELECT line.id AS line_id, line.agreement_id, line.product_id, line.location_id,
               line.commercial_partner_id, line.demand_period_days, sellers.delay,
               %(window_start)s AS window_start,
               %(horizon_end)s AS horizon_end,
               %(next_start)s AS next_start,
               %(today)s + COALESCE(sellers.delay, 0) + %(days_to_purchase)s AS earliest_day,
               line.counts_transfers, line.unit_factor,
               line.company_id, line.orderpoint_id, line.state, line.currency_id,
               line.product_tmpl_id, line.partner_id, line.parent_partner_id,
               line.interval_days,
               COALESCE(line.glide_share, 1)::numeric AS glide_share,
               line.method, line.min_qty, line.max_qty, line.min_days, line.max_days,
               line.min_floor, line.service_target, line.cover_days,
               line.is_seasonal, line.predecessor_id, line.predecessor_factor, line.categ_id,
               line.look_back_weeks, line.has_forecast,
               line.season_min_qty, line.season_max_qty,
               line.season_start, line.season_end, line.order_start_date, line.order_stop_date,
               sellers.seller_id, sold_factor / line.unit_factor AS seller_factor,
               sellers.least / line.unit_factor AS minimum_qty,
               -- A quantity in the product's own unit stays as it is, unless that was asked for.
               CASE WHEN line.replenishment_uom_id IS NOT NULL
                         OR sellers.product_uom_id <> line.uom_id
                    THEN steps.step END AS multiple,
               CASE WHEN line.hindrance IS NOT NULL THEN line.hindrance
                    WHEN hindrances.problem = 'kit' THEN 'kit'
                    -- Without any vendor there is no purchase either.
                    WHEN sellers.seller_id IS NULL THEN 'no_vendor_row'
                    WHEN hindrances.problem IS NOT NULL THEN hindrances.problem
                    WHEN steps.step IS NULL AND multiple.id <> line.uom_id THEN 'not_whole'
                    WHEN ABS(packs - ROUND(packs)) > 0.000001 THEN 'not_whole'
               END AS hindrance,
               line.next_date - %(today)s AS days_to_next,
               %(reach_days)s AS reach_days
          FROM lines line
     LEFT JOIN sellers ON sellers.line_id = line.id
     LEFT JOIN uom_uom multiple
            ON multiple.id = COALESCE(line.replenishment_uom_id, sellers.product_uom_id)
     LEFT JOIN steps ON steps.unit_id = multiple.id AND steps.product_unit_id = line.uom_id
     LEFT JOIN hindrances ON hindrances.line_id = line.id
    CROSS JOIN LATERAL (
        -- What quantities are rounded up to, in the vendor's unit.
        SELECT (multiple.factor / line.unit_factor
                / (sold_factor / line.unit_factor))::numeric AS packs
    ) AS sold
        """,
        review_days=scope.review_days_values(),
        hindrances=scope.hindrances_values(),
        steps=scope.steps_values(),
        lines=scope.lines,
        company=scope.company_id,
        today=scope.today,
        days_to_purchase=scope.days_to_purchase,
        next_start=scope.start_of(SQL("line.next_date")),
        window_start=scope.start_of(SQL("%s - line.demand_period_days", scope.today)),
        look_back=SQL("CASE WHEN line.is_seasonal THEN %s ELSE %s END", SEASON_WEEKS, WEEKS),
        reach_days=reach,
        # The whole last day counts.
        horizon_end=scope.start_of(SQL("%s + %s + 1", scope.today, reach)),
    )
