"""From position and demand to levels, status and quantity."""

from odoo.tools import SQL

from .demand import demands_query
from .due import due_query
from .lead_time import leads_query
from .position import positions_query
from .steps import DEMANDS, DUE, FINDINGS, LEADS, POSITIONS, create, drop

# A service level needs at least as many days with demand.
FEWEST_DEMAND_DAYS = 10


def find(cr, scope):
    """Fill the temporary table of what is found; nothing that others see is written.

    :param scope: the :class:`~.scope.ReviewScope`
    """
    create(cr, DUE, due_query(scope))
    create(cr, POSITIONS, positions_query(scope))
    create(cr, DEMANDS, demands_query(scope))
    create(cr, LEADS, leads_query(scope))
    create(cr, FINDINGS, findings_query(scope))
    drop(cr, DUE, POSITIONS, DEMANDS, LEADS)


def findings_query(scope):
    """Return the SELECT of what a review finds about each line.

    :return: SQL with a row per line: ids, the parts of the position and ``position``,
        ``level_min`` and ``level_max`` (NULL where there is a ``problem``), ``stock_status``,
        ``order_qty`` (what is missing; 0: nothing), of it ``transfer_qty`` (nothing yet) and
        ``purchase_qty``, ``unit_price`` (the vendor's for that quantity, in the agreement's
        currency; NULL without), ``is_urgent`` (out before the next review) and ``is_short``
        (out before the next delivery, though not yet)
    """
    return SQL(
        """
        WITH targets (target, z) AS (%(targets)s),
        rates (from_id, to_id, rate) AS (%(rates)s),
        figures AS (
            SELECT due.*, positions.on_hand, positions.on_hand_since,
                   positions.incoming, positions.incoming_first, positions.incoming_last,
                   positions.incoming_soon, positions.outgoing, positions.outgoing_soon,
                   positions.next_delivery, positions.outgoing_before,
                   positions.quotation, positions.pending, positions.other,
                   ROUND(positions.on_hand + positions.incoming + positions.quotation
                         + positions.pending + positions.other - positions.outgoing,
                         %(digits)s) AS position,
                   demands.daily_demand, demands.deviation, demands.is_thin,
                   demands.demand_days AS days_with_demand, demands.stocked_days,
                   COALESCE(leads.lead_days, due.delay, 0) AS lead_days,
                   COALESCE(leads.lead_deviation, 0) AS lead_deviation,
                   COALESCE(targets.z, 0) AS z,
                   CASE WHEN due.seller_id IS NULL THEN 'no_vendor_row'
                        WHEN due.method = 'service_level' AND NOT due.in_season
                             AND demands.demand_days < %(fewest)s THEN 'few_demand_days'
                   END AS problem
              FROM %(due)s due
              JOIN %(positions)s positions ON positions.line_id = due.line_id
              JOIN %(demands)s demands ON demands.line_id = due.line_id
         LEFT JOIN %(leads)s leads
                ON leads.product_id = due.product_id
               AND leads.commercial_partner_id = due.commercial_partner_id
         LEFT JOIN targets ON targets.target = due.service_target
        ),
        minimums AS (
            SELECT figures.*,
                   CASE WHEN problem = 'few_demand_days' THEN NULL
                        WHEN in_season THEN season_min_qty
                        WHEN method = 'min_max' THEN min_qty
                        WHEN method = 'days_of_supply'
                        THEN GREATEST(daily_demand * min_days, min_floor)
                        -- Safety stock for a varying demand and lead time with periodic review.
                        ELSE daily_demand * (lead_days + interval_days)
                             + z * SQRT((lead_days + interval_days) * deviation^2
                                        + daily_demand^2 * lead_deviation^2)
                   END::numeric AS minimum
              FROM figures
        ),
        levels AS (
            SELECT minimums.*, ROUND(minimum, %(digits)s) AS level_min,
                   ROUND(GREATEST(minimum, (
                       CASE WHEN in_season THEN season_max_qty
                            WHEN method = 'min_max' THEN max_qty
                            WHEN method = 'days_of_supply' THEN daily_demand * max_days
                            ELSE minimum::double precision + daily_demand * cover_days
                       END)::numeric), %(digits)s) AS level_max
              FROM minimums
        ),
        needs AS (
            SELECT levels.*,
                   CASE WHEN problem IS NULL AND NOT is_resting
                             AND position < level_min AND level_max > position
                        THEN GREATEST(level_max - position, least_qty::numeric)
                        ELSE 0 END AS need
              FROM levels
        ),
        quantities AS (
            SELECT needs.*,
                   %(order_qty)s AS order_qty
              FROM needs
        ),
        prices AS (%(prices)s)
        SELECT quantities.*, prices.unit_price, 0::numeric AS transfer_qty,
               order_qty AS purchase_qty,
               CASE WHEN on_hand <= 0 THEN 'out'
                    WHEN position < level_min THEN 'below'
                    -- Stock on every day of the window, and nobody wanted it.
                    WHEN days_with_demand = 0 AND stocked_days >= demand_days
                         AND on_hand_since < window_start THEN 'dead'
                    WHEN position > level_max THEN 'above'
                    ELSE 'on_track' END AS stock_status,
               on_hand + incoming_soon
                   - GREATEST(outgoing_soon::double precision, daily_demand * days_to_next)
                   <= 0 AS is_urgent,
               on_hand > 0 AND on_hand - GREATEST(
                   outgoing_before::double precision,
                   daily_demand * (COALESCE(next_delivery, earliest_day) - %(today)s)
               ) < 0 AS is_short
          FROM quantities
     LEFT JOIN prices ON prices.line_id = quantities.line_id
        """,
        targets=scope.targets_values(),
        rates=scope.rates_values(),
        prices=prices_query(scope, SQL("quantities"), SQL("order_qty")),
        order_qty=whole_multiples(scope, SQL("need")),
        digits=scope.digits,
        fewest=FEWEST_DEMAND_DAYS,
        due=DUE,
        positions=POSITIONS,
        demands=DEMANDS,
        leads=LEADS,
        today=scope.today,
    )


def whole_multiples(scope, quantity):
    """Return SQL for a quantity rounded up to whole multiples of its line."""
    return SQL(
        # Rounded first, for a whole number may come out a hair too high.
        "CASE WHEN multiple IS NULL THEN %(quantity)s "
        "ELSE ROUND(CEIL(ROUND(%(quantity)s / multiple::numeric, 6)) * multiple::numeric, "
        "%(digits)s) END",
        quantity=quantity,
        digits=scope.digits,
    )


def prices_query(scope, table, quantity):
    """Return the SELECT of the vendor's price of each line for a quantity.

    :param table: SQL of a table of lines; the rates of currencies are in ``rates``
    :param quantity: SQL of the column with the quantity, in units of the product
    :return: SQL with ``line_id`` and ``unit_price`` in the agreement's currency
    """
    return SQL(
        """
        SELECT DISTINCT ON (wanted.line_id) wanted.line_id,
               seller.price * (1 - COALESCE(seller.discount, 0) / 100)
                   * wanted.unit_factor / unit.factor * rates.rate AS unit_price
          FROM %(table)s wanted
          JOIN product_supplierinfo seller
            ON seller.product_tmpl_id = wanted.product_tmpl_id
           AND (seller.product_id IS NULL OR seller.product_id = wanted.product_id)
           AND seller.partner_id IN (wanted.partner_id, wanted.parent_partner_id)
           AND (seller.company_id IS NULL OR seller.company_id = %(company)s)
           AND (seller.date_start IS NULL OR seller.date_start <= %(today)s)
           AND (seller.date_end IS NULL OR seller.date_end >= %(today)s)
          JOIN uom_uom unit ON unit.id = seller.product_uom_id
          JOIN rates
            ON rates.from_id = seller.currency_id AND rates.to_id = wanted.currency_id
         WHERE wanted.%(quantity)s > 0
           AND seller.min_qty * unit.factor / wanted.unit_factor
               <= wanted.%(quantity)s + 0.000001
      ORDER BY wanted.line_id, unit_price, seller.sequence, seller.id
        """,
        table=table,
        quantity=quantity,
        company=scope.company_id,
        today=scope.today,
    )
