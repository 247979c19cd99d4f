from odoo import api, fields, models
from odoo.addons.supply_partner_scorecard.measures import MEASURES
from odoo.exceptions import ValidationError

from ..tools.ahp import MOST_ELEMENTS

# Figures that a buyer enters, and those of the bids; the scorecard brings the rest.
TYPED, BID_AMOUNT, BID_DAYS = "typed", "bid_amount", "bid_days"


def is_share(code):
    """Return whether a figure of the scorecard is a share, which is shown here in percent."""
    return code in MEASURES and MEASURES[code].unit == "ratio"


class VendorSelectionCriterion(models.Model):
    """What a vendor is chosen by: it is divided into others, or vendors are rated by it."""

    _name = "vendor.selection.criterion"
    _description = "Criterion of a Vendor Selection"
    _order = "selection_id, place, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=False)
    selection_id = fields.Many2one(
        "vendor.selection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="selection_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    parent_id = fields.Many2one(
        "vendor.selection.criterion",
        "Part Of",
        index=True,
        ondelete="cascade",
        domain="[('selection_id', '=', selection_id), ('id', '!=', id)]",
        help="The criterion that this one is a part of. Empty: it stands below the goal.",
    )
    child_ids = fields.One2many("vendor.selection.criterion", "parent_id", "Parts")
    is_leaf = fields.Boolean("Vendors Are Rated", compute="_compute_is_leaf")
    level = fields.Integer(compute="_compute_place", store=True, recursive=True)
    place = fields.Char(
        compute="_compute_place",
        store=True,
        recursive=True,
        help="By it a list shows each criterion below the one that it is a part of.",
    )
    description = fields.Char(help="What judges are to think of.")
    rating = fields.Selection(
        [("judged", "Judged in pairs"), ("figure", "By a figure")],
        "Vendors",
        default="judged",
        required=True,
        help="How vendors are rated by it: judges compare them with each other, or a figure lies "
        "on a scale from worst to best.",
    )
    measure = fields.Selection(
        selection="_selection_measure",
        default=TYPED,
        help="Which figure it is.",
    )
    worst = fields.Float(digits=(16, 2), help="A figure as bad as this is worth nothing.")
    best = fields.Float(
        digits=(16, 2),
        help="A figure as good as this is worth all. It is below the worst where less is better.",
    )
    local_weight = fields.Float(
        "Weight",
        compute="_compute_weights",
        digits=(16, 6),
        help="Beside the criteria that are parts of the same one.",
    )
    global_weight = fields.Float("Weight in the Whole", compute="_compute_weights", digits=(16, 6))

    @api.model
    def _selection_measure(self):
        """Return the code and name of each figure, those of bids and of the scorecard too."""
        of_scorecard = self.env["vendor.scorecard"]._selection_measure()
        return [
            (TYPED, self.env._("Entered by hand")),
            (BID_AMOUNT, self.env._("Bid: amount")),
            (BID_DAYS, self.env._("Bid: days until it arrives")),
            *((code, f"{name} (%)" if is_share(code) else name) for code, name in of_scorecard),
        ]

    @api.depends("child_ids")
    def _compute_is_leaf(self):
        for criterion in self:
            criterion.is_leaf = not criterion.child_ids

    @api.depends("parent_id.place", "parent_id.level", "sequence")
    def _compute_place(self):
        for criterion in self:
            own = f"{criterion.sequence + 2**31:010d}.{criterion._origin.id or 0:010d}"
            parent = criterion.parent_id
            criterion.place = f"{parent.place}/{own}" if parent else own
            criterion.level = parent.level + 1 if parent else 0

    @api.depends("selection_id.result")
    def _compute_weights(self):
        for criterion in self:
            weights = (criterion.selection_id.result or {}).get("weights") or {}
            own, whole = weights.get(str(criterion._origin.id), (0, 0))
            criterion.local_weight, criterion.global_weight = own, whole

    @api.depends("name", "parent_id.name", "parent_id.parent_id.name")
    def _compute_display_name(self):
        for criterion in self:
            names, above = [], criterion
            while above:
                names.insert(0, above.name or "")
                above = above.parent_id
            criterion.display_name = " / ".join(names)

    @api.constrains("parent_id", "selection_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A criterion cannot be a part of itself, nor of one of its parts.")
            )
        for criterion in self:
            parent = criterion.parent_id
            if parent and parent.selection_id != criterion.selection_id:
                raise ValidationError(
                    self.env._(
                        "%(criterion)s cannot be a part of %(parent)s, which belongs to another "
                        "selection.",
                        criterion=criterion.name,
                        parent=parent.name,
                    )
                )
        fullest = self._read_group(
            [("selection_id", "in", self.selection_id.ids)],
            ["selection_id", "parent_id"],
            having=[("__count", ">", MOST_ELEMENTS)],
            limit=1,
        )
        if fullest:
            raise ValidationError(
                self.env._(
                    "At most %(most)s criteria can be compared with each other: make some of "
                    "them parts of another one.",
                    most=MOST_ELEMENTS,
                )
            )

    @api.constrains("rating", "measure", "worst", "best")
    def _check_scale(self):
        for criterion in self.filtered(lambda criterion: criterion.rating == "figure"):
            if not criterion.measure:
                raise ValidationError(
                    self.env._("Choose the figure of %s, or let judges compare.", criterion.name)
                )
            if criterion.worst == criterion.best:
                raise ValidationError(
                    self.env._(
                        "%s: enter which figure is the worst and which the best; they must differ.",
                        criterion.name,
                    )
                )

    @api.onchange("measure")
    def _onchange_measure(self):
        """Propose the scale of the scorecard."""
        scale = self._get_scorecard_scale()
        if scale:
            self.worst, self.best = scale

    def _get_scorecard_scale(self):
        """Return the worst and the best figure by the company's scorecard, or None."""
        if not self.measure or self.measure in (TYPED, BID_AMOUNT, BID_DAYS):
            return None
        factor = 100 if is_share(self.measure) else 1
        company = self.selection_id.company_id or self.env.company
        held = self.env["vendor.scorecard.criterion"].search(
            [
                ("scorecard_id.company_id", "=", company.id),
                ("measure", "=", self.measure),
                ("scale", "=", "linear"),
            ],
            limit=1,
        )
        if held and held.floor != held.cap:
            return factor * held.floor, factor * held.cap
        return (0, 100) if is_share(self.measure) else None

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        criteria.selection_id._check_in_preparation()
        return criteria

    def write(self, vals):
        self.exists().selection_id._check_in_preparation()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judging(self):
        self.selection_id._check_in_preparation()
