from odoo import api, fields, models
from odoo.exceptions import ValidationError


class VendorSelectionCandidate(models.Model):
    """A vendor that may be chosen, with its bid where there is one."""

    _name = "vendor.selection.candidate"
    _description = "Candidate of a Vendor Selection"
    _order = "selection_id, rank, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    selection_id = fields.Many2one(
        "vendor.selection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="selection_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('parent_id', '=', False)]",
    )
    purchase_order_id = fields.Many2one(
        "purchase.order",
        "Bid",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('partner_id', 'child_of', partner_id), ('state', '!=', 'cancel')]",
        help="The request for quotation with the vendor's prices.",
    )
    bid_amount = fields.Monetary(
        "Bid: Amount", compute="_compute_bid", help="Untaxed, in the company's currency."
    )
    bid_days = fields.Float(
        "Bid: Days", compute="_compute_bid", help="From the order to its arrival."
    )
    figure_ids = fields.One2many("vendor.selection.rating", "candidate_id", "Figures")
    score = fields.Float(
        compute="_compute_score",
        store=True,
        digits=(16, 6),
        aggregator="avg",
        help="From 0 to 1: the vendor's ratings, weighted.",
    )
    rank = fields.Integer(
        compute="_compute_score",
        store=True,
        aggregator=None,
        help="1 is the best; 0 while judgements are missing.",
    )
    is_chosen = fields.Boolean("Chosen", compute="_compute_is_chosen")

    _once = models.Constraint(
        "UNIQUE (selection_id, partner_id)", "Each vendor is a candidate of a selection once."
    )

    @api.depends("purchase_order_id.amount_untaxed", "purchase_order_id.date_planned")
    def _compute_bid(self):
        for candidate in self:
            order = candidate.purchase_order_id
            candidate.bid_amount = order and order.currency_id._convert(
                order.amount_untaxed,
                candidate.currency_id,
                candidate.company_id,
                order.date_order or fields.Date.context_today(candidate),
            )
            candidate.bid_days = (
                max(0, (order.date_planned - order.date_order).days)
                if order.date_planned and order.date_order
                else 0
            )

    @api.depends("selection_id.result")
    def _compute_score(self):
        for candidate in self:
            scores = (candidate.selection_id.result or {}).get("scores") or {}
            candidate.score, candidate.rank = scores.get(str(candidate._origin.id), (0, 0))

    @api.depends("selection_id.chosen_id")
    def _compute_is_chosen(self):
        for candidate in self:
            candidate.is_chosen = candidate == candidate.selection_id.chosen_id

    @api.constrains("partner_id")
    def _check_partner(self):
        for candidate in self:
            if candidate.partner_id != candidate.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: choose the company as the "
                        "candidate.",
                        contact=candidate.partner_id.name,
                        company=candidate.partner_id.commercial_partner_id.name,
                    )
                )

    @api.constrains("partner_id", "purchase_order_id")
    def _check_bid(self):
        for candidate in self:
            bidder = candidate.purchase_order_id.partner_id.commercial_partner_id
            if bidder and bidder != candidate.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s is a bid of %(bidder)s, not of %(vendor)s: choose another one.",
                        order=candidate.purchase_order_id.name,
                        bidder=bidder.name,
                        vendor=candidate.partner_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        candidates = super().create(vals_list)
        candidates.selection_id._check_in_preparation()
        return candidates

    def write(self, vals):
        self.exists().selection_id._check_in_preparation()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judging(self):
        self.selection_id._check_in_preparation()

    def action_choose(self):
        """Ask for the reason, and choose the vendor."""
        self.ensure_one()
        return self.selection_id._open_choice(self)
