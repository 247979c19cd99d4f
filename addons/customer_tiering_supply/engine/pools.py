"""What there is to allocate of a product, by which rules, and until when it must last."""

from odoo.tools import SQL


def pools_query(asked, usable, now):
    """Return the SELECT of what is free of some products at some places.

    :param asked: SQL with ``company_id``, ``product_id`` and ``location_id``
    :param usable: SQL of how much of a ``quant`` can be counted on
    :param now: the moment, in UTC
    :return: SQL with ``company_id``, ``product_id``, ``location_id``, ``root_id`` (the stock of the
        warehouse around it, or itself), ``free``, ``allocation``, ``wait_days`` and
        ``reserve_level`` (the agreement's, else the company's), ``next_day`` (of the first receipt
        that is still to come; NULL: none) and ``today``, by the company's calendar, ``line_id``
        (of the agreement; NULL: none) with
        ``daily_demand``, ``deviation`` and ``lead_days``, and ``shares``, an array of pairs (rank
        of a tier, its share of demand)
    """
    return SQL(
        """
        WITH asked AS (%(asked)s),
        pools AS (
            SELECT asked.*, root.id AS root_id, root.parent_path AS root_path
              FROM asked
              JOIN stock_location place ON place.id = asked.location_id
         LEFT JOIN stock_warehouse warehouse ON warehouse.id = place.warehouse_id
         LEFT JOIN stock_location store
                ON store.id = warehouse.lot_stock_id
               AND place.parent_path LIKE store.parent_path || '%%'
              JOIN stock_location root ON root.id = COALESCE(store.id, place.id)
        )
        SELECT pools.company_id, pools.product_id, pools.location_id, pools.root_id,
               pools.root_path,
               COALESCE(stock.free, 0)::double precision AS free,
               COALESCE(agreed.scarce_allocation, company.scarce_allocation) AS allocation,
               company.scarce_wait_days AS wait_days,
               CASE WHEN agreed.scarce_allocation IS NULL THEN company.scarce_reserve_level
                    ELSE agreed.scarce_reserve_level END AS reserve_level,
               coming.next_day, zone.today, agreed.line_id,
               COALESCE(agreed.daily_demand, 0)::double precision AS daily_demand,
               COALESCE(agreed.daily_demand_deviation, 0)::double precision AS deviation,
               COALESCE(agreed.lead_days, 0) AS lead_days,
               mix.shares
          FROM pools
          JOIN res_company company ON company.id = pools.company_id
          JOIN res_partner address ON address.id = company.partner_id
     LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
    CROSS JOIN LATERAL (
               SELECT name, (%(now)s AT TIME ZONE 'UTC' AT TIME ZONE name)::date AS today
                 FROM (SELECT COALESCE(calendar.tz, address.tz, 'UTC') AS name) AS named
               ) AS zone
     LEFT JOIN LATERAL (
               SELECT SUM(%(usable)s - quant.reserved_quantity) AS free
                 FROM stock_quant quant
                 JOIN stock_location inside
                   ON inside.id = quant.location_id AND inside.usage IN ('internal', 'transit')
                  AND inside.parent_path LIKE pools.root_path || '%%'
                WHERE quant.product_id = pools.product_id
               ) AS stock ON TRUE
     LEFT JOIN LATERAL (
               -- The agreement at the place itself comes before one of a shelf in it.
               SELECT line.id AS line_id, line.daily_demand, line.daily_demand_deviation,
                      line.lead_days, line.tier_shares, agreement.scarce_allocation,
                      agreement.scarce_reserve_level
                 FROM vmi_agreement_line line
                 JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
                 JOIN stock_location shelf ON shelf.id = line.location_id
                WHERE line.product_id = pools.product_id AND line.state = 'running'
                  AND line.company_id = pools.company_id
                  AND (shelf.parent_path LIKE pools.root_path || '%%'
                       OR pools.root_path LIKE shelf.parent_path || '%%')
             ORDER BY LENGTH(shelf.parent_path), line.id
                LIMIT 1
               ) AS agreed ON TRUE
     LEFT JOIN LATERAL (
               SELECT MIN((COALESCE(ordered.date_planned, move.date)
                           AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date) AS next_day
                 FROM stock_move move
                 JOIN stock_location origin ON origin.id = move.location_id
                 JOIN stock_location target
                   ON target.id = COALESCE(move.location_final_id, move.location_dest_id)
            LEFT JOIN purchase_order_line ordered ON ordered.id = move.purchase_line_id
                WHERE move.product_id = pools.product_id
                  AND move.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
                  AND target.parent_path LIKE pools.root_path || '%%'
                  AND origin.parent_path NOT LIKE pools.root_path || '%%'
               ) AS coming ON TRUE
     LEFT JOIN LATERAL (
               SELECT ARRAY_AGG(ARRAY[tier.sequence::double precision,
                                      share.value::double precision]) AS shares
                 FROM JSONB_EACH_TEXT(agreed.tier_shares) AS share
                 JOIN customer_tier tier ON tier.id = share.key::integer
               ) AS mix ON TRUE
        """,
        asked=asked,
        usable=usable,
        now=SQL("%s::timestamp", now),
    )
