"""What orders do not say themselves, found out once from what else is stored."""

from odoo.tools import SQL


def recall_orders(cr):
    """Fill what is noted on sale orders from now on, for those that are there.

    Whether an order that is a quotation again, or cancelled, was sent or confirmed is in its
    chatter. Whom it was made for is known where its contact has gone to another customer since.
    """
    _recall_states(cr)
    _recall_customers(cr)


def _recall_states(cr):
    for name, column in (("mt_order_sent", "was_sent"), ("mt_order_confirmed", "was_confirmed")):
        cr.execute(
            SQL(
                """
                UPDATE sale_order
                   SET %s = TRUE
                 WHERE state IN ('draft', 'cancel')
                   AND id IN (
                       SELECT message.res_id
                         FROM mail_message AS message
                         JOIN ir_model_data AS subtype
                           ON subtype.res_id = message.subtype_id
                          AND subtype.model = 'mail.message.subtype'
                          AND subtype.module = 'sale'
                          AND subtype.name = %s
                        WHERE message.model = 'sale.order')
                """,
                SQL.identifier(column),
                name,
            )
        )


def _recall_customers(cr):
    """Mark the orders of contacts who have gone to another customer since.

    In this order: by the contact's parent as its chatter has it; by an invoice in the contact's
    name, which keeps its customer; by an invoice address of another customer.
    """
    cr.execute(
        SQL(
            """
            UPDATE sale_order
               SET made_for_id = former.customer_id
              FROM (
                    SELECT sale.id,
                           COALESCE(tracked.customer_id, invoiced.customer_id,
                                    CASE WHEN contact.commercial_partner_id <> contact.id
                                         THEN address.commercial_partner_id
                                    END) AS customer_id,
                           contact.commercial_partner_id AS present_id
                      FROM sale_order AS sale
                      JOIN res_partner AS contact ON contact.id = sale.partner_id
                      JOIN res_partner AS address ON address.id = sale.partner_invoice_id
                 LEFT JOIN (
                            SELECT DISTINCT ON (sale.id)
                                   sale.id, parent.commercial_partner_id AS customer_id
                              FROM mail_tracking_value AS value
                              JOIN ir_model_fields AS field
                                ON field.id = value.field_id
                               AND field.model = 'res.partner'
                               AND field.name = 'parent_id'
                              JOIN mail_message AS message
                                ON message.id = value.mail_message_id
                               AND message.model = 'res.partner'
                              JOIN sale_order AS sale
                                ON sale.partner_id = message.res_id
                               AND sale.date_order < message.date
                         LEFT JOIN res_partner AS parent ON parent.id = value.old_value_integer
                          ORDER BY sale.id, message.date, value.id
                           ) AS tracked ON tracked.id = sale.id
                 LEFT JOIN (
                            SELECT line.order_id,
                                   MAX(invoice.commercial_partner_id) AS customer_id
                              FROM account_move AS invoice
                              JOIN res_partner AS name
                                ON name.id = invoice.partner_id
                               AND name.commercial_partner_id <> invoice.commercial_partner_id
                              JOIN account_move_line AS item ON item.move_id = invoice.id
                              JOIN sale_order_line_invoice_rel AS rel
                                ON rel.invoice_line_id = item.id
                              JOIN sale_order_line AS line ON line.id = rel.order_line_id
                              JOIN sale_order AS sale
                                ON sale.id = line.order_id AND sale.partner_id = name.id
                             WHERE invoice.state = 'posted'
                          GROUP BY line.order_id
                           ) AS invoiced ON invoiced.order_id = sale.id
                   ) AS former
             WHERE former.id = sale_order.id
               AND sale_order.made_for_id IS NULL
               AND former.customer_id <> former.present_id
            """
        )
    )
