"""What is known of the products that a company buys: one query for each kind of fact."""

from dataclasses import dataclass, field

from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.addons.supply_partner.engine.demand import demands_query
from odoo.addons.supply_partner.engine.lead_time import leads_query
from odoo.addons.supply_partner.engine.locations import inside_query
from odoo.addons.supply_partner.engine.position import OPEN_STATES, on_hand_query
from odoo.tools import SQL


@dataclass
class Facts:
    """The facts by product, or by pair of product and commercial partner.

    Quantities are in units of the product, amounts in the company's currency.

    :ivar products: category, sales price, whether stock is tracked
    :ivar bought: lines, orders, quantity, spend and the last order's buyer, of confirmed orders
    :ivar received: quantity and last day, less what went back
    :ivar rows: price and delay of a vendor's valid row
    :ivar qualified: the qualification that covers the pair
    :ivar leads: measured days from approval to complete
    :ivar coming: what open receipts are still to bring
    :ivar demand: a day
    :ivar on_hand: in the company's warehouses
    :ivar leaving: (days from today, quantity) of open deliveries
    :ivar delivered: how many deliveries to customers were due, and how many of them late
    """

    products: dict = field(default_factory=dict)
    bought: dict = field(default_factory=dict)
    received: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    qualified: dict = field(default_factory=dict)
    leads: dict = field(default_factory=dict)
    coming: dict = field(default_factory=dict)
    demand: dict = field(default_factory=dict)
    on_hand: dict = field(default_factory=dict)
    leaving: dict = field(default_factory=dict)
    delivered: dict = field(default_factory=dict)


def read_facts(cr, scope):
    """Return the :class:`Facts` of the products that were bought in the period.

    :param scope: the :class:`~.scope.SourcingScope`
    """
    facts = Facts()
    with TemporaryTables(cr, analyzes=True) as tables:
        chosen = tables.create("chosen", _products_query(scope))
        due = tables.create("due", _due_query(scope, chosen))
        positions = tables.create("positions", _positions_query(scope, due))
        for query, keys, found in (
            (_names_query(chosen), 1, facts.products),
            (_bought_query(scope, chosen), 2, facts.bought),
            (_received_query(scope, chosen), 2, facts.received),
            (_rows_query(scope, chosen), 2, facts.rows),
            (_qualified_query(scope, chosen), 2, facts.qualified),
            (leads_query(scope, due), 2, facts.leads),
            (_coming_query(scope, chosen), 2, facts.coming),
            (_demand_query(scope, due, positions), 1, facts.demand),
            (_on_hand_query(due, positions), 1, facts.on_hand),
            (_delivered_query(scope, chosen), 1, facts.delivered),
        ):
            cr.execute(query)
            for row in cr.fetchall():
                key = row[0] if keys == 1 else row[:2]
                found[key] = row[keys:]
        cr.execute(_leaving_query(scope, chosen))
        for product_id, days, quantity in cr.fetchall():
            facts.leaving.setdefault(product_id, []).append((days, quantity))
    return facts


def _products_query(scope):
    """Return the SELECT of the goods that were ordered or received in the period, or are coming."""
    return SQL(
        """
        SELECT product.id AS product_id, product.product_tmpl_id, template.categ_id,
               category.parent_path, unit.id AS uom_id, unit.factor AS unit_factor,
               template.is_storable IS TRUE AS is_storable,
               template.list_price::double precision AS list_price
          FROM product_product product
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN product_category category ON category.id = template.categ_id
          JOIN uom_uom unit ON unit.id = template.uom_id
         WHERE template.type = 'consu' AND product.active AND NOT product.id = ANY(%(kits)s)
           AND product.id IN (
               SELECT ordered.product_id
                 FROM purchase_order purchase
                 JOIN purchase_order_line ordered ON ordered.order_id = purchase.id
                WHERE purchase.company_id = %(company)s AND purchase.state = 'purchase'
                  AND (purchase.date_approve >= %(start)s
                       OR EXISTS (SELECT FROM stock_move move
                                   WHERE move.purchase_line_id = ordered.id
                                     AND (move.state IN %(open)s
                                          OR move.state = 'done' AND move.date >= %(start)s))))
        """,
        kits=list(scope.kit_ids),
        company=scope.company_id,
        start=scope.start,
        open=OPEN_STATES,
    )


def _names_query(chosen):
    return SQL("SELECT product_id, categ_id, list_price, is_storable FROM %s", chosen)


def _due_query(scope, chosen):
    """Return the SELECT of each product in each warehouse, as the demand of a shelf is found."""
    return SQL(
        """
        SELECT (ROW_NUMBER() OVER (ORDER BY warehouse.id, chosen.product_id))::integer AS line_id,
               chosen.product_id, warehouse.view_location_id AS location_id,
               warehouse.company_id, FALSE AS counts_transfers, chosen.unit_factor,
               %(days)s::integer AS demand_period_days, NULL::integer AS agreement_id,
               %(start)s AS window_start
          FROM %(chosen)s chosen
    CROSS JOIN stock_warehouse warehouse
         WHERE warehouse.company_id = %(company)s
        """,
        days=scope.demand_days,
        start=scope.start_of(SQL("%s - %s", scope.today, scope.demand_days)),
        chosen=chosen,
        company=scope.company_id,
    )


def _positions_query(scope, due):
    return SQL(
        """
        WITH inside AS MATERIALIZED (%(inside)s),
        on_hand AS (%(on_hand)s)
        SELECT due.line_id, COALESCE(on_hand.quantity, 0)::double precision AS quantity,
               COALESCE(on_hand.stored, 0)::double precision AS stored
          FROM %(due)s due
     LEFT JOIN on_hand ON on_hand.line_id = due.line_id
        """,
        inside=inside_query(due),
        on_hand=on_hand_query(due, scope.conditions.usable_stock),
        due=due,
    )


def _on_hand_query(due, positions):
    return SQL(
        """
        SELECT due.product_id, SUM(positions.quantity)
          FROM %s due
          JOIN %s positions ON positions.line_id = due.line_id
      GROUP BY due.product_id
        """,
        due,
        positions,
    )


def _demand_query(scope, due, positions):
    return SQL(
        """
        SELECT due.product_id, SUM(demands.daily_demand)
          FROM (%s) AS demands
          JOIN %s due ON due.line_id = demands.line_id
      GROUP BY due.product_id
        """,
        demands_query(scope, due, positions),
        due,
    )


def _bought_query(scope, chosen):
    return SQL(
        """
        SELECT chosen.product_id, vendor.commercial_partner_id, COUNT(*),
               COUNT(DISTINCT purchase.id),
               SUM(ordered.product_qty::double precision * unit.factor::double precision
                   / chosen.unit_factor::double precision),
               SUM(ordered.price_subtotal::double precision
                   / COALESCE(NULLIF(purchase.currency_rate, 0), 1)::double precision),
               (ARRAY_AGG(purchase.user_id ORDER BY purchase.date_approve DESC, purchase.id DESC)
                   FILTER (WHERE purchase.user_id IS NOT NULL))[1],
               ARRAY_AGG(DISTINCT purchase.id)
          FROM purchase_order purchase
          JOIN purchase_order_line ordered ON ordered.order_id = purchase.id
          JOIN %(chosen)s chosen ON chosen.product_id = ordered.product_id
          JOIN res_partner vendor ON vendor.id = purchase.partner_id
          JOIN uom_uom unit ON unit.id = ordered.product_uom_id
         WHERE purchase.company_id = %(company)s AND purchase.state = 'purchase'
           AND purchase.date_approve >= %(start)s AND %(spent)s
      GROUP BY chosen.product_id, vendor.commercial_partner_id
        """,
        chosen=chosen,
        company=scope.company_id,
        start=scope.start,
        spent=scope.spent,
    )


def _received_query(scope, chosen):
    return SQL(
        """
        SELECT chosen.product_id, vendor.commercial_partner_id,
               SUM(CASE WHEN %(receipt)s THEN 1 ELSE -1 END
                   * move.quantity::double precision * unit.factor::double precision
                   / chosen.unit_factor::double precision),
               MAX(%(day)s) FILTER (WHERE %(receipt)s)
          FROM stock_move move
          JOIN purchase_order_line ordered ON ordered.id = move.purchase_line_id
          JOIN purchase_order purchase ON purchase.id = ordered.order_id
          JOIN res_partner vendor ON vendor.id = purchase.partner_id
          JOIN %(chosen)s chosen ON chosen.product_id = move.product_id
          JOIN uom_uom unit ON unit.id = move.product_uom
          JOIN stock_location origin ON origin.id = move.location_id
          JOIN stock_location destination ON destination.id = move.location_dest_id
         WHERE purchase.company_id = %(company)s AND move.state = 'done'
           AND move.date >= %(start)s AND (%(receipt)s OR %(returned)s)
      GROUP BY chosen.product_id, vendor.commercial_partner_id
        """,
        receipt=scope.conditions.receipt,
        returned=scope.conditions.receipt_return,
        day=scope.local_day(SQL("move.date")),
        chosen=chosen,
        company=scope.company_id,
        start=scope.start,
    )


def _rows_query(scope, chosen):
    """Return the SELECT of each vendor's valid row; of several, the one for the usual quantity."""
    return SQL(
        """
        WITH rate (from_id, rate) AS (%(rates)s),
        usual AS (
            SELECT ordered.product_id,
                   AVG(ordered.product_qty * unit.factor) AS quantity
              FROM purchase_order purchase
              JOIN purchase_order_line ordered ON ordered.order_id = purchase.id
              JOIN uom_uom unit ON unit.id = ordered.product_uom_id
             WHERE purchase.company_id = %(company)s AND purchase.state = 'purchase'
               AND purchase.date_approve >= %(start)s
          GROUP BY ordered.product_id
        )
        SELECT DISTINCT ON (chosen.product_id, vendor.commercial_partner_id)
               chosen.product_id, vendor.commercial_partner_id,
               NULLIF(seller.price, 0)::double precision
                   * (1 - COALESCE(seller.discount, 0)::double precision / 100) * rate.rate
                   * chosen.unit_factor::double precision / unit.factor::double precision,
               seller.delay
          FROM %(chosen)s chosen
          JOIN product_supplierinfo seller
            ON seller.product_tmpl_id = chosen.product_tmpl_id
           AND (seller.product_id IS NULL OR seller.product_id = chosen.product_id)
           AND (seller.company_id IS NULL OR seller.company_id = %(company)s)
           AND (seller.date_start IS NULL OR seller.date_start <= %(today)s)
           AND (seller.date_end IS NULL OR seller.date_end >= %(today)s)
          JOIN res_partner vendor ON vendor.id = seller.partner_id AND vendor.active
          JOIN uom_uom unit ON unit.id = seller.product_uom_id
     LEFT JOIN rate ON rate.from_id = seller.currency_id
     LEFT JOIN usual ON usual.product_id = chosen.product_id
      ORDER BY chosen.product_id, vendor.commercial_partner_id,
               seller.min_qty * unit.factor <= COALESCE(usual.quantity, 0) DESC,
               seller.sequence, seller.min_qty DESC, seller.price, seller.id
        """,
        rates=scope.rates_values(),
        company=scope.company_id,
        start=scope.start,
        chosen=chosen,
        today=scope.today,
    )


def _qualified_query(scope, chosen):
    """Return the SELECT of the qualification of each vendor that covers a product.

    One for the product goes before one for its category, one for a category before one for those
    above it, and the latest before older ones.
    """
    return SQL(
        """
        SELECT DISTINCT ON (chosen.product_id, vendor.commercial_partner_id)
               chosen.product_id, vendor.commercial_partner_id, qualification.id,
               CASE WHEN qualification.state = 'qualified' AND qualification.date_end < %(today)s
                    THEN 'expired' ELSE qualification.state END,
               qualification.qualification_days, qualification.tooling_days,
               qualification.lead_days, qualification.one_off_cost::double precision
          FROM vendor_qualification qualification
          JOIN product_category covered ON covered.id = qualification.categ_id
          JOIN res_partner vendor ON vendor.id = qualification.partner_id AND vendor.active
          JOIN %(chosen)s chosen
            ON qualification.product_id = chosen.product_id
            OR qualification.product_id IS NULL
               AND chosen.parent_path LIKE covered.parent_path || '%%'
         WHERE qualification.company_id = %(company)s AND qualification.active
      ORDER BY chosen.product_id, vendor.commercial_partner_id,
               qualification.product_id IS NULL, LENGTH(covered.parent_path) DESC,
               qualification.id DESC
        """,
        today=scope.today,
        chosen=chosen,
        company=scope.company_id,
    )


def _coming_query(scope, chosen):
    return SQL(
        """
        SELECT chosen.product_id, vendor.commercial_partner_id,
               SUM(move.product_qty::double precision)
          FROM stock_move move
          JOIN purchase_order_line ordered ON ordered.id = move.purchase_line_id
          JOIN purchase_order purchase ON purchase.id = ordered.order_id
          JOIN res_partner vendor ON vendor.id = purchase.partner_id
          JOIN %(chosen)s chosen ON chosen.product_id = move.product_id
          JOIN stock_location origin ON origin.id = move.location_id
          JOIN stock_location destination ON destination.id = move.location_dest_id
         WHERE purchase.company_id = %(company)s AND move.state IN %(open)s AND %(receipt)s
      GROUP BY chosen.product_id, vendor.commercial_partner_id
        """,
        chosen=chosen,
        company=scope.company_id,
        open=OPEN_STATES,
        receipt=scope.conditions.receipt,
    )


def _leaving_query(scope, chosen):
    """Return the SELECT of open deliveries a day; of several steps the last one counts."""
    return SQL(
        """
        SELECT move.product_id, GREATEST(%(day)s - %(today)s, 0) AS days,
               SUM(move.product_qty::double precision)
          FROM stock_move move
          JOIN %(chosen)s chosen ON chosen.product_id = move.product_id
          JOIN stock_location origin ON origin.id = move.location_id
          JOIN stock_location consumer
            ON consumer.id = COALESCE(move.location_final_id, move.location_dest_id)
         WHERE move.company_id = %(company)s AND move.state IN %(open)s
           AND origin.usage IN ('internal', 'transit')
           AND consumer.usage IN ('customer', 'production')
           AND NOT EXISTS (
               SELECT FROM stock_move_move_rel link
                 JOIN stock_move later ON later.id = link.move_dest_id
                WHERE link.move_orig_id = move.id AND later.state IN %(open)s)
      GROUP BY move.product_id, 2
        """,
        day=scope.local_day(SQL("move.date")),
        today=scope.today,
        chosen=chosen,
        company=scope.company_id,
        open=OPEN_STATES,
    )


def _delivered_query(scope, chosen):
    """Return the SELECT of the deliveries that customers were due in the period."""
    return SQL(
        """
        SELECT move.product_id, COUNT(*),
               COUNT(*) FILTER (WHERE move.state <> 'done' OR %(done_day)s > %(due_day)s)
          FROM stock_move move
          JOIN %(chosen)s chosen ON chosen.product_id = move.product_id
          JOIN stock_location origin ON origin.id = move.location_id
          JOIN stock_location consumer ON consumer.id = move.location_dest_id
         WHERE move.company_id = %(company)s AND (move.state = 'done' OR move.state IN %(open)s)
           AND origin.usage IN ('internal', 'transit') AND consumer.usage = 'customer'
           AND move.date_deadline >= %(start)s AND %(due_day)s < %(today)s
      GROUP BY move.product_id
        """,
        done_day=scope.local_day(SQL("move.date")),
        due_day=scope.local_day(SQL("move.date_deadline")),
        chosen=chosen,
        company=scope.company_id,
        open=OPEN_STATES,
        start=scope.start,
        today=scope.today,
    )
