from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .customer_document import CUSTOMER_DOCUMENT

TIERING_GROUP = "customer_tiering.group_tiering_user"


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_standing_ids = fields.One2many(
        "customer.standing", "partner_id", "Customer Scores", groups=TIERING_GROUP
    )
    customer_yearly_spend = fields.Float(
        "Estimated Yearly Spend",
        company_dependent=True,
        groups=TIERING_GROUP,
        help="Estimate of what the customer spends a year on products like yours, with you and "
        "with your competitors. The metric Share of wallet compares your revenue with it.",
    )
    customer_size = fields.Selection(
        [
            ("micro", "Micro (1–9)"),
            ("small", "Small (10–49)"),
            ("medium", "Medium (50–249)"),
            ("large", "Large (250 and more)"),
        ],
        groups=TIERING_GROUP,
        help="Number of employees, by the European Commission's recommendation 2003/361/EC.",
    )
    customer_spend_currency_id = fields.Many2one(
        "res.currency", compute="_compute_customer_spend_currency_id", groups=TIERING_GROUP
    )
    customer_standing_id = fields.Many2one(
        "customer.standing",
        "Customer Score",
        compute="_compute_customer_standing_id",
        search="_search_customer_standing_id",
        compute_sudo=True,
        groups=TIERING_GROUP,
        help="Score and tier of the customer in the current company; contacts show their "
        "company's.",
    )
    customer_tier_id = fields.Many2one(
        related="customer_standing_id.tier_id",
        string="Tier",
        group_expand="_read_group_customer_tier_id",
        groups=TIERING_GROUP,
    )
    customer_tier_since = fields.Date(
        related="customer_standing_id.tier_since", string="Tier Since", groups=TIERING_GROUP
    )
    customer_score = fields.Float(
        related="customer_standing_id.score", string="Score", groups=TIERING_GROUP, aggregator="avg"
    )
    customer_value_score = fields.Float(
        related="customer_standing_id.value_score",
        string="Value Score",
        groups=TIERING_GROUP,
        aggregator="avg",
    )
    customer_loyalty_score = fields.Float(
        related="customer_standing_id.loyalty_score",
        string="Loyalty Score",
        groups=TIERING_GROUP,
        aggregator="avg",
    )

    # The database cannot check what it keeps by company.
    @api.constrains("customer_yearly_spend")
    def _check_customer_yearly_spend(self):
        if any(partner.customer_yearly_spend < 0 for partner in self.sudo()):
            raise ValidationError(self.env._("Estimated Yearly Spend must be 0 or more."))

    @api.depends_context("company")
    def _compute_customer_spend_currency_id(self):
        self.customer_spend_currency_id = self.env.company.currency_id

    @api.depends("commercial_partner_id.customer_standing_ids.tier_id")
    @api.depends_context("company")
    def _compute_customer_standing_id(self):
        # Fetch with the search what the related fields read next: one query instead of two.
        standings = self.env["customer.standing"].search_fetch(
            [
                ("company_id", "=", self.env.company._get_root_id()),
                ("partner_id", "in", self.commercial_partner_id.ids),
            ],
            ["partner_id", "tier_id", "tier_since", "score", "value_score", "loyalty_score"],
            order="id",
        )
        by_partner = {standing.partner_id.id: standing.id for standing in standings}
        for partner in self:
            partner.customer_standing_id = by_partner.get(partner.commercial_partner_id.id, False)

    @api.model
    def _search_customer_standing_id(self, operator, value):
        """Search through the standings of the current company.

        "Is not set" finds every contact without a standing here, customer or not.
        """
        if operator not in ("in", "any", "any!"):
            return NotImplemented
        standings = self.env["customer.standing"].sudo(self.env.su or operator == "any!")
        here = Domain("company_id", "=", self.env.company._get_root_id())
        if operator != "in":
            return self._domain_of_standings(standings, here & Domain(value))
        ids = set(value)
        domain = Domain.FALSE
        if ids - {False}:
            domain = self._domain_of_standings(
                standings, here & Domain("id", "in", list(ids - {False}))
            )
        if False in ids:
            domain |= ~self._domain_of_standings(standings, here)
        return domain

    @api.model
    def _domain_of_standings(self, standings, domain):
        query = standings._search(domain)
        return Domain(
            "commercial_partner_id",
            "in",
            query.subselect(SQL.identifier(query.table, "partner_id")),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Join the standing of the current company, so that the tier sorts and groups."""
        if field_expr != "customer_standing_id":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        standing_alias = query.make_alias(alias, "customer_standing")
        query.add_join(
            "LEFT JOIN",
            standing_alias,
            "customer_standing",
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(standing_alias, "partner_id"),
                SQL.identifier(alias, "commercial_partner_id"),
                SQL.identifier(standing_alias, "company_id"),
                self.env.company._get_root_id(),
            ),
        )
        return SQL.identifier(standing_alias, "id")

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Put contacts without a score last, whichever way they are sorted."""
        if field_name.startswith("customer_") and field_name.endswith("score") and not nulls.code:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _read_group_customer_tier_id(self, tiers, domain):
        return self.env["customer.tier"]._get_current_tiers()

    # None of these may become a dependency of a stored field: a move would recompute documents.
    @api.depends("commercial_partner_id.customer_standing_ids.tier_id")
    def _compute_product_pricelist(self):
        return super()._compute_product_pricelist()

    def _inverse_product_pricelist(self):
        """Keep as the customer's own what differs from the tier's pricelist, and nothing else.

        Forms and imports write back the pricelist they were shown. That of the tier stays the
        tier's; any other is the customer's own choice, the default of the country included.
        """
        by_tier = self.env["product.pricelist"]._get_tier_pricelists(self)
        tiered = self.filtered(lambda partner: partner.id in by_tier)
        for partner in tiered:
            chosen = partner.property_product_pricelist
            partner.specific_property_product_pricelist = (
                chosen if chosen != by_tier[partner.id] else False
            )
        return super(ResPartner, self - tiered)._inverse_product_pricelist()

    def write(self, vals):
        """Leave documents with the customer they were made for."""
        may_move = bool(vals.keys() & {"parent_id", "is_company"})
        former = self._get_customers_of_contacts() if may_move else {}
        result = super().write(vals)
        self._leave_documents(former)
        return result

    @api.readonly
    def get_tier_card(self):
        """Return the card of the contact's customer in the current company; False without a tier.

        :return: see :meth:`customer.standing._prepare_card`
        :raise AccessError: for users who may not see the contact, or tiers
        """
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["customer_standing_id"], "read")
        # By the reader's own rights: the computed field has been found with all.
        standing = self.env["customer.standing"].browse(self.customer_standing_id.ids)
        standing.check_access("read")
        return standing._prepare_card() if standing.tier_id else False

    @api.readonly
    def action_explain_customer_tier(self):
        """Open a dialog with the reasons for the tier and what the next one needs."""
        form = self.env.ref("customer_tiering.customer_standing_view_form_explanation")
        return self.action_view_customer_standing() | {
            "target": "new",
            "name": self.env._("Why this tier?"),
            "views": [(form.id, "form")],
        }

    @api.readonly
    def action_view_customer_standing(self):
        """Open the standing of the customer in the current company."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.standing",
            "res_id": self.customer_standing_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "name": self.env._("Customer Score"),
        }

    def _get_customers_of_contacts(self):
        """Return {contact: customer} of the contacts, and those below them, who are of another."""
        contacts = (
            self.sudo().with_context(active_test=False).search([("id", "child_of", self.ids)])
        )
        return {
            contact: contact.commercial_partner_id
            for contact in contacts
            if contact.commercial_partner_id != contact
        }

    @api.model
    def _leave_documents(self, former):
        """Leave the documents of contacts who went to another customer with the former one.

        A customer who becomes a contact of another takes the documents along.

        :param former: {contact: customer} as it was before
        """
        self._leave_documents_of(
            {
                contact: customer
                for contact, customer in former.items()
                if contact.commercial_partner_id != customer
            }
        )

    @api.model
    def _leave_documents_of(self, moved):
        """Leave the documents of contacts with customers: {contact: customer}."""
        if moved:
            self.env.flush_all()
            ids = {contact.id: customer.id for contact, customer in moved.items()}
            for name in self._get_document_models():
                self.env[name]._keep_made_for(ids)

    def _take_over_documents(self, sources):
        """Prepare a merge into this partner: what was made for another customer stays there."""
        self._leave_documents_of(
            {
                contact: contact.commercial_partner_id
                for contact in sources
                if contact.commercial_partner_id not in (contact, self.commercial_partner_id)
            }
        )

    @api.model
    def _get_document_models(self):
        """Return the names of the models whose records count for customers."""
        names = self.env.registry.descendants([CUSTOMER_DOCUMENT], "_inherit")
        return [name for name in names if not self.env[name]._abstract]

    def _get_held_tier(self):
        """Return the tier in the current company, also of a contact that is not saved yet."""
        self.ensure_one()
        saved = self if isinstance(self.id, int) else self.commercial_partner_id._origin
        return saved.customer_standing_id.tier_id

    def _get_own_pricelist(self):
        """Return the pricelist set on the customer in the current company, if it applies."""
        return self.specific_property_product_pricelist._get_partner_pricelist_multi_filter_hook()
