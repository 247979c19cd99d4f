from odoo import fields, models


class VmiVendorForecast(models.Model):
    """What a vendor expects a product to need in a week, and can deliver at most; each version.

    The newest version of a week holds. Nothing is changed: how good a forecast was shows only when
    what was known then is still there.
    """

    _name = "vmi.vendor.forecast"
    _description = "Vendor's Forecast"
    _order = "week desc, line_id, id desc"
    _rec_name = "product_id"

    line_id = fields.Many2one(
        "vmi.agreement.line", "Agreement Line", required=True, ondelete="cascade", readonly=True
    )
    agreement_id = fields.Many2one(
        related="line_id.agreement_id", store=True, precompute=True, index=True
    )
    product_id = fields.Many2one(
        related="line_id.product_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(related="agreement_id.partner_id", string="Vendor")
    week = fields.Date(required=True, readonly=True, help="The Monday of the calendar week.")
    quantity = fields.Float(
        "Forecast", digits="Product Unit", readonly=True, help="What the vendor expects to be used."
    )
    capacity = fields.Float(
        "Promised Capacity",
        digits="Product Unit",
        readonly=True,
        help="Up to how much the vendor promises to deliver. 0: nothing was promised. It warns, "
        "and limits no order.",
    )
    is_short = fields.Boolean(
        "Over Capacity",
        readonly=True,
        help="The forecast is more than the vendor promises to deliver.",
    )
    is_newest = fields.Boolean("In Force", readonly=True, default=True)
    user_id = fields.Many2one("res.users", "Entered By", readonly=True)

    _quantities_not_negative = models.Constraint(
        "CHECK (quantity >= 0 AND capacity >= 0)", "A forecast must be 0 or more."
    )
    _one_newest = models.UniqueIndex(
        "(line_id, week) WHERE is_newest", "There is a newer version of this forecast."
    )
    _by_week = models.Index("(line_id, week, create_date)")

    def _enter(self, rows):
        """Keep what differs from the versions in force as new versions.

        :param rows: dicts of ``line`` (record), ``week`` (a Monday), ``quantity``, ``capacity``
        :return: the new versions
        """
        # Two of one vendor who enter at once wait for each other.
        lines = self.env["vmi.agreement.line"].union(*(row["line"] for row in rows))
        lines.lock_for_update(allow_referencing=True)
        newest = self.search([("line_id", "in", lines.ids), ("is_newest", "=", True)])
        held = {(one.line_id, one.week): one for one in newest}
        vals_list, old = [], self.browse()
        for row in rows:
            before = held.get((row["line"], row["week"]))
            if before and (before.quantity, before.capacity) == (row["quantity"], row["capacity"]):
                continue
            old |= before or self.browse()
            vals_list.append(
                {
                    "line_id": row["line"].id,
                    "week": row["week"],
                    "quantity": row["quantity"],
                    "capacity": row["capacity"],
                    "is_short": 0 < row["capacity"] < row["quantity"],
                    "user_id": self.env.uid,
                }
            )
        old.is_newest = False
        old.flush_recordset()
        return self.create(vals_list)
