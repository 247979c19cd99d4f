"""What the vendor asks for a quantity."""

from odoo.tools import SQL


def prices_query(scope, quantities, key):
    """Return the SELECT of the lowest price at which the vendor sells each quantity.

    :param quantities: what to select from: the columns of the lines to review, and ``order_qty``
    :param key: SQL of the columns that name a row
    :return: SQL with the key and ``unit_price``, of the product's unit in the agreement's
        currency; no row where the vendor sells no such quantity
    """
    return SQL(
        """
        SELECT DISTINCT ON (%(key)s) %(key)s,
               seller.price * (1 - COALESCE(seller.discount, 0) / 100)
                   * quantities.unit_factor / unit.factor * rates.rate AS unit_price
          FROM %(quantities)s quantities
          JOIN product_supplierinfo seller
            ON seller.product_tmpl_id = quantities.product_tmpl_id
           AND (seller.product_id IS NULL OR seller.product_id = quantities.product_id)
           AND seller.partner_id IN (quantities.partner_id, quantities.parent_partner_id)
           AND (seller.company_id IS NULL OR seller.company_id = %(company)s)
           AND (seller.date_start IS NULL OR seller.date_start <= %(today)s)
           AND (seller.date_end IS NULL OR seller.date_end >= %(today)s)
          JOIN uom_uom unit ON unit.id = seller.product_uom_id
          JOIN (%(rates)s) AS rates (from_id, to_id, rate)
            ON rates.from_id = seller.currency_id AND rates.to_id = quantities.currency_id
         WHERE quantities.order_qty > 0
           AND seller.min_qty * unit.factor / quantities.unit_factor
               <= quantities.order_qty + 0.000001
      ORDER BY %(key)s, unit_price, seller.sequence, seller.id
        """,
        quantities=quantities,
        key=key,
        rates=scope.rates_values(),
        company=scope.company_id,
        today=scope.today,
    )
