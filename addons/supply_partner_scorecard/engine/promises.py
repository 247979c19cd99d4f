"""What was promised in orders from before anybody froze it."""

from odoo.tools import SQL


def missing_promises_statement(company_id, currency_id, user_id):
    """Return the statement that adds the promises of confirmed lines that have none.

    Older orders show what they hold today: the promise is flagged as estimated, unless a supply
    agreement froze quantity and date when the order was approved.

    :param currency_id: the company's
    """
    return SQL(
        """
        INSERT INTO vendor_promise
               (order_line_id, order_id, partner_id, company_id, currency_id, product_id,
                approved_at, quantity, due_quantity, date_promised, latest_date,
                price_unit, is_estimated,
                create_uid, create_date, write_uid, write_date)
        SELECT ordered.id, purchase.id, vendor.commercial_partner_id, purchase.company_id,
               %(currency)s, ordered.product_id,
               COALESCE(purchase.date_approve, purchase.date_order),
               promised.quantity, promised.quantity,
               COALESCE(ordered.vmi_promised_date, ordered.date_planned, purchase.date_planned,
                        purchase.date_order),
               COALESCE(ordered.date_planned, purchase.date_planned, purchase.date_order),
               COALESCE(ordered.price_subtotal / NULLIF(ordered.product_qty, 0)
                        / NULLIF(unit.factor / own.factor, 0)
                        / COALESCE(NULLIF(purchase.currency_rate, 0), 1), 0),
               ordered.vmi_promised_date IS NULL,
               %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
          FROM purchase_order_line ordered
          JOIN purchase_order purchase ON purchase.id = ordered.order_id
          JOIN res_partner vendor ON vendor.id = purchase.partner_id
          JOIN product_product product ON product.id = ordered.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom own ON own.id = template.uom_id
          JOIN uom_uom unit ON unit.id = ordered.product_uom_id
     LEFT JOIN vendor_promise promise ON promise.order_line_id = ordered.id
    CROSS JOIN LATERAL (
               SELECT CASE WHEN ordered.vmi_promised_date IS NULL THEN ordered.product_qty
                           ELSE ordered.vmi_promised_qty END * unit.factor / own.factor
                      AS quantity) AS promised
         WHERE promise.id IS NULL
           AND purchase.company_id = %(company)s
           AND ordered.display_type IS NULL
           AND ordered.is_downpayment IS NOT TRUE
           -- One that was cancelled before anybody approved it promised nothing.
           AND (purchase.state = 'purchase'
                OR purchase.state = 'cancel' AND purchase.date_approve IS NOT NULL)
            ON CONFLICT DO NOTHING
        """,
        company=company_id,
        currency=currency_id,
        user=user_id,
    )
