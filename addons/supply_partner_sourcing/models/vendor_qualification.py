from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

MOST_DAYS = 3650
EFFECTIVE_STATES = [
    ("draft", "Planned"),
    ("in_progress", "In Progress"),
    ("qualified", "Qualified"),
    ("expired", "Expired"),
    ("rejected", "Rejected"),
]


class VendorQualification(models.Model):
    """That a vendor may deliver a product or a category, or how far it is from that."""

    _name = "vendor.qualification"
    _description = "Vendor Qualification"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, date_end, id desc"
    _rec_name = "partner_id"
    _once_for_a_vendor = ("company_id", "categ_id", "product_id")
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        required=True,
        ondelete="cascade",
        index=True,
        tracking=True,
        domain=[("parent_id", "=", False)],
    )
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    categ_id = fields.Many2one(
        "product.category",
        "Category",
        required=True,
        ondelete="cascade",
        index=True,
        tracking=True,
        help="The qualification covers it and the categories below it.",
    )
    product_id = fields.Many2one(
        "product.product",
        ondelete="cascade",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('categ_id', 'child_of', categ_id)]",
        help="Empty: all products of the category.",
    )
    state = fields.Selection(
        EFFECTIVE_STATES,
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True
    )
    date_start = fields.Date("Begun on", readonly=True, copy=False)
    date_qualified = fields.Date("Qualified on", readonly=True, copy=False)
    date_end = fields.Date(
        "Valid until",
        copy=False,
        tracking=True,
        help="Its last day. Empty: until it is withdrawn.",
    )
    qualification_days = fields.Integer(
        "Qualification (Days)",
        default=30,
        tracking=True,
        help="How long audit, samples and approval take; once qualified, no time any more.",
    )
    tooling_days = fields.Integer(
        "Tooling (Days)",
        tracking=True,
        help="How long moulds, plates or set-up take before the first delivery. A vendor that "
        "delivered within the period has them.",
    )
    lead_days = fields.Integer(
        "Lead Time (Days)",
        tracking=True,
        help="Expected from the order to the receipt, as long as nothing was measured and the "
        "vendor has no price with a lead time. 0: as the main vendor's.",
    )
    one_off_cost = fields.Monetary(
        "One-off Cost",
        tracking=True,
        help="Audit, samples, tools: what switching costs once.",
    )
    notes = fields.Html()
    start_days = fields.Integer(
        "Days to First Delivery",
        compute="_compute_start_days",
        help="Qualification, as long as it is not qualified, tooling and lead time.",
    )

    _figures = models.Constraint(
        f"CHECK (qualification_days BETWEEN 0 AND {MOST_DAYS} AND tooling_days BETWEEN 0 AND "
        f"{MOST_DAYS} AND lead_days BETWEEN 0 AND {MOST_DAYS} AND one_off_cost >= 0)",
        "Qualification, tooling and lead time take 0 to 3,650 days, and the one-off cost is not "
        "negative.",
    )
    _one_for_a_category = models.UniqueIndex(
        "(partner_id, company_id, categ_id, COALESCE(product_id, 0)) WHERE active",
        "This vendor has a qualification for the same product or category already: change that "
        "one, or archive it.",
    )

    @api.depends("partner_id", "categ_id", "product_id")
    def _compute_display_name(self):
        for qualification in self:
            subject = qualification.product_id or qualification.categ_id
            qualification.display_name = (
                f"{qualification.partner_id.display_name}: {subject.display_name}"
            )

    @api.depends("state", "qualification_days", "tooling_days", "lead_days")
    def _compute_start_days(self):
        for qualification in self:
            to_qualify = (
                0 if qualification.state == "qualified" else qualification.qualification_days
            )
            qualification.start_days = (
                to_qualify + qualification.tooling_days + qualification.lead_days
            )

    def _give_way_to(self, kept):
        """Stay in the archive where its vendor is merged with one that has the like."""
        self.active = False

    @api.constrains("partner_id")
    def _check_partner(self):
        for qualification in self:
            partner = qualification.partner_id
            if partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact: choose the vendor itself, %(vendor)s.",
                        contact=partner.display_name,
                        vendor=partner.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("product_id", "categ_id")
    def _check_product(self):
        for qualification in self:
            path = qualification.product_id.categ_id.parent_path
            if path and not path.startswith(qualification.categ_id.parent_path):
                raise ValidationError(
                    self.env._(
                        "%(product)s is not of the category %(category)s: choose %(right)s.",
                        product=qualification.product_id.display_name,
                        category=qualification.categ_id.display_name,
                        right=qualification.product_id.categ_id.display_name,
                    )
                )

    @api.constrains("date_end", "date_qualified")
    def _check_dates(self):
        for qualification in self:
            end, begun = qualification.date_end, qualification.date_qualified
            if end and begun and qualification.state == "qualified" and end < begun:
                raise ValidationError(
                    self.env._("Valid until lies before the day on which the vendor qualified.")
                )

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id:
            self.categ_id = self.product_id.categ_id

    @api.model_create_multi
    def create(self, vals_list):
        products = self.env["product.product"]
        for vals in vals_list:
            self._check_guarded_shapes(vals)
            if vals.get("product_id") and not vals.get("categ_id"):
                vals["categ_id"] = products.browse(vals["product_id"]).categ_id.id
        return super().create(vals_list)

    def _today(self):
        return self.company_id[:1].sudo()._vmi_today()

    def _move_to(self, state, allowed, **vals):
        """Go on to a state.

        :param allowed: the states to come from
        """
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for qualification in self:
            if qualification.state not in allowed:
                raise UserError(
                    self.env._(
                        "%(name)s is at %(state)s: set it to planned first.",
                        name=qualification.display_name,
                        state=labels[qualification.state],
                    )
                )
        self.sudo().write({"state": state, **vals})

    def action_start(self):
        """Begin to qualify the vendor."""
        self._move_to("in_progress", ("draft", "expired"), date_start=self._today())

    def action_qualify(self):
        """Let the vendor count as a source."""
        today = self._today()
        for qualification in self:
            if qualification.date_end and qualification.date_end < today:
                raise UserError(
                    self.env._(
                        "Valid until is over for %s: enter a later day, or none.",
                        qualification.display_name,
                    )
                )
        self._move_to("qualified", ("draft", "in_progress", "expired"), date_qualified=today)

    def action_reject(self):
        """Leave the vendor out as an alternate."""
        self._move_to("rejected", ("draft", "in_progress", "qualified", "expired"))

    def action_draft(self):
        """Begin again."""
        self._move_to(
            "draft", [state for state, _label in EFFECTIVE_STATES],
            date_start=False, date_qualified=False,
        )  # fmt: skip

    @api.model
    def _expire(self, company):
        """Let the qualifications of a company expire whose last day is over."""
        over = self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "qualified")
            & Domain("date_end", "<", company.sudo()._vmi_today())
        )
        over.state = "expired"
