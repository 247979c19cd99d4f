"""What the vendor asks for a quantity."""

from odoo.tools import SQL


def prices_query(scope, table, quantity, key=None):
    """Return the SELECT of the vendor's price of each line for a quantity.

    :param table: SQL of a table of lines, there called ``wanted``; the rates of currencies are
        in ``rates``
    :param quantity: SQL of the column with the quantity, in units of the product
    :param key: SQL of the columns that name a row, ``line_id`` by default
    :return: SQL with the key and ``unit_price`` in the agreement's currency
    """
    return SQL(
        """
        SELECT %(key)s,
               MIN(seller.price * (1 - COALESCE(seller.discount, 0) / 100)
                   * wanted.unit_factor / unit.factor * rates.rate) AS unit_price
          FROM %(table)s wanted
          JOIN product_supplierinfo seller
            ON seller.product_tmpl_id = wanted.product_tmpl_id
           AND COALESCE(seller.product_id = wanted.product_id, TRUE)
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
      GROUP BY %(key)s
        """,
        key=key or SQL("wanted.line_id"),
        table=table,
        quantity=quantity,
        company=scope.company_id,
        today=scope.today,
    )


def purchase_prices_query(scope, findings):
    """Return the SELECT of the vendors' prices for what is to be bought.

    What is not transferred only: a smaller quantity may miss a price break.

    :param findings: the table of what was found
    :return: SQL with ``line_id`` and ``unit_price``, without the lines for which there is no price
    """
    return SQL(
        "WITH rates (from_id, to_id, rate) AS (%s) %s",
        scope.rates_values(),
        prices_query(scope, findings, SQL("purchase_qty")),
    )
