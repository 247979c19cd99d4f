from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from .vmi_agreement import HOLDING_STATES

# The mark of an agreement that changes its own rule; no client can send this object.
OWNER = object()


class StockWarehouseOrderpoint(models.Model):
    """A reordering rule; while it belongs to an agreement, the agreement alone orders for it."""

    _inherit = "stock.warehouse.orderpoint"

    vmi_agreement_id = fields.Many2one(
        "vmi.agreement",
        "Supply Agreement",
        compute="_compute_vmi_agreement_id",
        compute_sudo=True,
        search="_search_vmi_agreement_id",
        help="While the agreement is running or suspended, it alone orders for this rule.",
    )

    def _compute_vmi_agreement_id(self):
        lines = self.env["vmi.agreement.line"].search(
            [("orderpoint_id", "in", self.ids), ("state", "in", HOLDING_STATES)]
        )
        agreements = {line.orderpoint_id.id: line.agreement_id for line in lines}
        for point in self:
            point.vmi_agreement_id = agreements.get(point.id, False)

    def _search_vmi_agreement_id(self, operator, value):
        if operator == "any":
            operator, value = "in", self.env["vmi.agreement"].sudo().search(value).ids
        if operator not in ("in", "not in"):
            return NotImplemented
        lines = self.env["vmi.agreement.line"].sudo()
        holding = [("state", "in", HOLDING_STATES), ("orderpoint_id", "!=", False)]
        wanted = [agreement for agreement in value if agreement]
        found = lines.search([*holding, ("agreement_id", "in", wanted)]).orderpoint_id.ids
        if False in value:
            owned = lines.search(holding).orderpoint_id.ids
            domain = ["|", ("id", "in", found), ("id", "not in", owned)]
        else:
            domain = [("id", "in", found)]
        return domain if operator == "in" else ["!", *domain]

    @api.constrains("product_id", "location_id", "company_id", "active", "trigger")
    def _check_vmi_location(self):
        """Refuse a rule above or below a location that an agreement replenishes."""
        # What Replenishment makes for a while is taken away again by itself.
        rules = self.filtered(
            lambda point: (
                point.active
                and not (point.create_uid.id == SUPERUSER_ID and point.trigger == "manual")
            )
        )
        lines = (
            self.env["vmi.agreement.line"]
            .sudo()
            .search([("product_id", "in", rules.product_id.ids), ("state", "in", HOLDING_STATES)])
        )
        by_product = lines.grouped(lambda line: (line.company_id, line.product_id))
        for point in rules:
            for line in by_product.get((point.company_id, point.product_id), ()):
                owned = line.location_id
                if owned != point.location_id and owned._vmi_is_nested(point.location_id):
                    raise ValidationError(
                        self.env._(
                            "%(product)s: the agreement %(agreement)s replenishes %(owned)s, so "
                            "no reordering rule is possible for %(location)s.",
                            product=point.product_id.display_name,
                            agreement=line.agreement_id.name,
                            owned=owned.display_name,
                            location=point.location_id.display_name,
                        )
                    )

    def write(self, vals):
        if vals.keys() & {"trigger", "active", "product_id", "location_id", "company_id"}:
            for point in self if self.env.context.get("vmi_owner") is not OWNER else ():
                changed = any(
                    name in vals and point._fields[name].convert_to_write(point[name], point)
                    != vals[name]
                    for name in ("trigger", "active", "product_id", "location_id", "company_id")
                )  # fmt: skip
                if changed:
                    point._check_not_owned()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_owned(self):
        self._check_not_owned()

    def action_replenish(self, force_to_max=False):
        self._check_not_owned()
        return super().action_replenish(force_to_max=force_to_max)

    def action_replenish_auto(self):
        self._check_not_owned()
        return super().action_replenish_auto()

    def _procure_orderpoint_confirm(
        self, use_new_cursor=False, company_id=None, raise_user_error=True
    ):
        return super(
            StockWarehouseOrderpoint, self.filtered(lambda point: not point.vmi_agreement_id)
        )._procure_orderpoint_confirm(
            use_new_cursor=use_new_cursor,
            company_id=company_id,
            raise_user_error=raise_user_error,
        )

    def _check_not_owned(self):
        for point in self:
            if agreement := point.sudo().vmi_agreement_id:
                raise UserError(
                    self.env._(
                        "%(rule)s belongs to the supply agreement %(agreement)s, which alone "
                        "orders for it. To use the rule yourself, close the agreement.",
                        rule=point.display_name,
                        agreement=agreement.name,
                    )
                )

    @api.autovacuum
    def _unlink_processed_orderpoints(self):
        """Keep the agreements' rules; an empty recordset stands for all rules."""
        if not self:
            candidates = self.with_context(active_test=False).search(
                [("create_uid", "=", SUPERUSER_ID), ("trigger", "=", "manual")]
            )
        else:
            candidates = self
        spared = candidates.filtered(lambda point: not point.sudo().vmi_agreement_id)
        if not spared:
            return self.browse()
        return super(StockWarehouseOrderpoint, spared)._unlink_processed_orderpoints()

    def _get_orderpoint_action(self):
        """Delete the rules that Replenishment made above or below an agreement's location."""
        action = super()._get_orderpoint_action()
        self._unlink_beside_agreements()
        return action

    @api.model
    def _unlink_beside_agreements(self):
        lines = self.env["vmi.agreement.line"].sudo().search([("state", "in", HOLDING_STATES)])
        by_product = lines.grouped("product_id")
        made = self.sudo().search(
            [
                ("create_uid", "=", SUPERUSER_ID),
                ("trigger", "=", "manual"),
                ("product_id", "in", lines.product_id.ids),
            ]
        )
        made.filtered(
            lambda point: any(
                line.location_id != point.location_id
                and line.company_id == point.company_id
                and line.location_id._vmi_is_nested(point.location_id)
                for line in by_product[point.product_id]
            )
        ).unlink()

    def _vmi_restore(self, before):
        """Restore the values that the rule had before an agreement took it over.

        :param before: values by field; what they refer to may have been deleted meanwhile
        """
        self.ensure_one()
        vals = dict(before)
        for name, value in before.items():
            comodel = self._fields[name].comodel_name
            if comodel and value:
                vals[name] = self.env[comodel].browse(value).exists().id
        self.invalidate_recordset(["vmi_agreement_id"])
        self.write(vals)
