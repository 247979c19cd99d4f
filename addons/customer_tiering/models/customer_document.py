from odoo import fields, models
from odoo.tools import SQL

# Whoever names it so has it registered first.
CUSTOMER_DOCUMENT = "customer.document"


class CustomerDocument(models.AbstractModel):
    """A document that counts for a customer.

    It counts for the commercial entity that it was made for. While its contact stays there, that
    is the contact's own; of a contact who goes to another, the documents are marked with the
    former one, see ``res.partner._leave_documents``.
    """

    _name = CUSTOMER_DOCUMENT
    _description = "Document of a Customer"

    # The stored field that names the customer, or a contact of one.
    _contact_field = "partner_id"

    made_for_id = fields.Many2one(
        "res.partner",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The customer for whom this counts, where the contact has gone to another since. "
        "Empty: the contact's own.",
    )

    def write(self, vals):
        """With another contact it is made for that one's own customer."""
        if "partner_id" not in vals or "made_for_id" in vals:
            return super().write(vals)
        changed = self.filtered(
            lambda document: (
                document.sudo().made_for_id and document.partner_id.id != vals["partner_id"]
            )
        )
        result = super().write(vals)
        # Who may write the contact was checked; this one is written by nobody by hand.
        changed.sudo().made_for_id = False
        return result

    def _get_customer(self):
        """Return the customer for whom the document counts."""
        self.ensure_one()
        return (self.made_for_id or self[self._contact_field]).commercial_partner_id

    def _keep_customer_of(self, original):
        """Count for the customer for whom the document was made that this one takes back.

        Call it on a sudo recordset: it follows from what is taken back, by the same contact.

        :param original: a document of the same model; may be empty
        """
        self.ensure_one()
        customer = original and original.partner_id == self.partner_id and original._get_customer()
        if customer and self._get_customer() != customer:
            self.made_for_id = customer

    def _keep_made_for(self, former):
        """Keep the documents of contacts for the customers they were made for.

        :param former: {contact id: id of the former customer}
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s AS document
                   SET made_for_id = moved.customer_id
                  FROM UNNEST(%(contacts)s::int[], %(customers)s::int[])
                       AS moved (contact_id, customer_id)
                 WHERE (document.made_for_id IS NULL AND document.%(contact)s = moved.contact_id)
                    OR document.made_for_id = moved.contact_id
                """,
                table=SQL.identifier(self._table),
                contact=SQL.identifier(self._contact_field),
                contacts=list(former),
                customers=list(former.values()),
            )
        )
        self.invalidate_model(["made_for_id"])
