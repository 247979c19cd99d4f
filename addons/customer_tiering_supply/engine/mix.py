"""Which tiers buy a product at a place."""

from odoo.tools import SQL

# A product's mix is drawn towards the company's as if so many units had been sold by that.
PRIOR_UNITS = 10
# Over so many days the company's mix counts, and a product's that no agreement keeps.
USUAL_DAYS = 90


def _sold(companies, now):
    """Return the common tables of what was sold; see :func:`mix_query`.

    :param companies: ids of companies
    :param now: the moment, in UTC
    """
    return SQL(
        """
        kept AS (
            SELECT line.company_id, agreement.warehouse_id, line.product_id,
                   MAX(agreement.demand_period_days) AS days
              FROM vmi_agreement_line line
              JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
             WHERE line.state IN ('running', 'suspended') AND line.company_id = ANY(%(companies)s)
          GROUP BY line.company_id, agreement.warehouse_id, line.product_id
        ),
        sold AS (
            SELECT sale.company_id, sale.warehouse_id, line.product_id,
                   sale.customer_tier_id AS tier_id, %(usual)s AS usual_days,
                   COALESCE(MAX(kept.days), %(usual)s) AS days,
                   SUM(line.product_uom_qty * unit.factor / own.factor) FILTER (
                       WHERE sale.date_order >= %(now)s::timestamp
                             - COALESCE(kept.days, %(usual)s) * INTERVAL '1 day'
                   )::double precision AS quantity,
                   SUM(line.product_uom_qty * unit.factor / own.factor) FILTER (
                       WHERE sale.date_order >= %(now)s::timestamp
                             - %(usual)s * INTERVAL '1 day'
                   )::double precision AS recent
              FROM sale_order sale
              JOIN sale_order_line line ON line.order_id = sale.id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template
                ON template.id = product.product_tmpl_id AND template.is_storable
              JOIN uom_uom own ON own.id = template.uom_id
              JOIN uom_uom unit ON unit.id = line.product_uom_id
         LEFT JOIN kept
                ON kept.company_id = sale.company_id AND kept.warehouse_id = sale.warehouse_id
               AND kept.product_id = line.product_id
             WHERE sale.state = 'sale' AND sale.company_id = ANY(%(companies)s)
               AND line.product_uom_qty > 0
               AND sale.date_order >= %(now)s::timestamp - INTERVAL '1 day'
                   * GREATEST(%(usual)s, (SELECT MAX(days) FROM kept))
          GROUP BY sale.company_id, sale.warehouse_id, line.product_id, sale.customer_tier_id
        ),
        usual AS (
            SELECT company_id, tier_id,
                   COALESCE(SUM(recent), 0)
                   / NULLIF(SUM(SUM(recent)) OVER (PARTITION BY company_id), 0) AS share
              FROM sold
          GROUP BY company_id, tier_id
        )
        """,
        companies=list(companies),
        usual=USUAL_DAYS,
        now=now,
    )


def _share(quantity, total):
    """Return SQL for a share that is drawn towards the company's in ``usual``."""
    return SQL(
        "(COALESCE(%(quantity)s, 0) + %(prior)s * COALESCE(usual.share, 0))"
        " / NULLIF(COALESCE(%(total)s, 0)"
        " + CASE WHEN usual.share IS NULL THEN 0 ELSE %(prior)s END, 0)",
        quantity=quantity,
        total=total,
        prior=PRIOR_UNITS,
    )


def mix_query(companies, now):
    """Return the SELECT of what each tier takes of each product that is sold from a warehouse.

    The tier is the one stamped on the order; orders without a stamp count as no tier. The window
    is the demand period of the agreement that keeps the product there, else 90 days.

    :param companies: ids of companies
    :return: SQL with ``company_id``, ``warehouse_id``, ``product_id``, ``tier_id`` (NULL: none),
        ``days``, ``quantity`` in the product's unit, ``raw_share``, ``company_share`` and ``share``
        (drawn towards it as if 10 units more had been sold by the company's mix)
    """
    return SQL(
        """
        WITH %(sold)s,
        places AS (
            SELECT company_id, warehouse_id, product_id, SUM(quantity) AS total, MAX(days) AS days
              FROM sold
          GROUP BY company_id, warehouse_id, product_id
            HAVING SUM(quantity) > 0
        )
        SELECT places.company_id, places.warehouse_id, places.product_id, usual.tier_id,
               places.days, COALESCE(sold.quantity, 0) AS quantity,
               COALESCE(sold.quantity, 0) / places.total AS raw_share,
               COALESCE(usual.share, 0) AS company_share,
               %(share)s AS share
          FROM places
          JOIN usual ON usual.company_id = places.company_id
     LEFT JOIN sold
            ON sold.company_id = places.company_id AND sold.warehouse_id = places.warehouse_id
           AND sold.product_id = places.product_id
           AND sold.tier_id IS NOT DISTINCT FROM usual.tier_id
        """,
        sold=_sold(companies, now),
        share=_share(SQL("sold.quantity"), SQL("places.total")),
    )


def line_mix_query(company_id, line_ids, now):
    """Return the SELECT of the mix of agreements' lines of one company.

    :return: SQL with ``line_id`` and ``shares``, a JSON object of shares by tier id, "0" for none;
        NULL where the company has sold nothing
    """
    return SQL(
        """
        WITH %(sold)s,
        totals AS (
            SELECT product_id, warehouse_id, SUM(quantity) AS total
              FROM sold
          GROUP BY product_id, warehouse_id
        ),
        lines AS (
            SELECT line.id AS line_id, line.product_id, agreement.warehouse_id, totals.total
              FROM vmi_agreement_line line
              JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
         LEFT JOIN totals
                ON totals.product_id = line.product_id
               AND totals.warehouse_id = agreement.warehouse_id
             WHERE line.id = ANY(%(lines)s)
        ),
        shares AS (
            SELECT lines.line_id, COALESCE(usual.tier_id, 0)::text AS tier_id, %(share)s AS share
              FROM lines
        CROSS JOIN usual
         LEFT JOIN sold
                ON sold.product_id = lines.product_id AND sold.warehouse_id = lines.warehouse_id
               AND sold.tier_id IS NOT DISTINCT FROM usual.tier_id
        )
        SELECT lines.line_id,
               JSONB_OBJECT_AGG(shares.tier_id, ROUND(shares.share::numeric, 6))
                   FILTER (WHERE shares.share > 0) AS shares
          FROM lines
     LEFT JOIN shares ON shares.line_id = lines.line_id
      GROUP BY lines.line_id
        """,
        sold=_sold([company_id], now),
        lines=list(line_ids),
        share=_share(SQL("sold.quantity"), SQL("lines.total")),
    )
