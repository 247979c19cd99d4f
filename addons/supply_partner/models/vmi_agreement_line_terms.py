from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_is_zero

from .vmi_agreement import HOLDING_STATES

# A change of these is kept in the agreement's history.
TERMS = (
    "method",
    "min_qty",
    "max_qty",
    "min_days",
    "max_days",
    "min_floor",
    "service_target",
    "cover_days",
    "replenishment_uom_id",
    "agreed_price",
    "season_start",
    "season_end",
    "season_min_qty",
    "season_max_qty",
    "order_start_date",
    "order_stop_date",
)


class VmiAgreementLineTerms(models.Model):
    """Which terms can run, and what is kept when they change."""

    _inherit = "vmi.agreement.line"

    def write(self, vals):
        holding = self.filtered(lambda line: line.state in HOLDING_STATES)
        if not holding or not vals.keys() & {"product_id", "agreement_id", *TERMS}:
            return super().write(vals)
        if vals.keys() & {"product_id", "agreement_id"}:
            raise UserError(
                self.env._(
                    "The product of a running agreement stays. Add a line for the other product "
                    "and set the Run-out day of this one."
                )
            )
        before = {line: line._describe_terms() for line in holding}
        result = super().write(vals)
        if "replenishment_uom_id" in vals:
            holding._check_units()
        if problems := holding._get_zero_problems():
            raise UserError("\n".join(problems))
        holding._keep_changes(before)
        if "replenishment_uom_id" in vals:
            holding.orderpoint_id.sudo().write(
                {"replenishment_uom_id": vals["replenishment_uom_id"]}
            )
        holding._measure()
        return result

    def _check_units(self):
        """Refuse a multiple that is not whole in the units of the product and of the vendor."""
        hindrances = self._get_hindrances().items()
        units = {line: problem for line, problem in hindrances if problem == "not_whole"}
        if units:
            raise UserError("\n".join(self._describe_hindrances(units)))

    def _describe_terms(self):
        """Return the terms as a person reads them, by field name."""
        self.ensure_one()
        described = {}
        for name in TERMS:
            field, value = self._fields[name], self[name]
            if field.type == "selection":
                value = dict(field._description_selection(self.env))[value]
            elif field.type == "many2one":
                value = value.display_name
            described[name] = value or ""
        return described

    def _keep_changes(self, before):
        """Post what changed to the history of the agreements."""
        for agreement, lines in self.grouped("agreement_id").items():
            notes = []
            for line in lines:
                after = line._describe_terms()
                changes = ", ".join(
                    f"{self._fields[name]._description_string(self.env)} "
                    f"{before[line][name] or 0} → {after[name] or 0}"
                    for name in TERMS
                    if before[line][name] != after[name]
                )
                if changes:
                    notes.append(f"{line.product_id.display_name}: {changes}")
            if notes:
                agreement.message_post(body=Markup("<br/>").join(notes))

    def _note_in_history(self, text):
        for agreement, lines in self.grouped("agreement_id").items():
            names = ", ".join(lines.mapped("product_id.display_name"))
            agreement.message_post(body=text % names)

    def _get_problems(self):
        """Return all that stands against running the lines, a sentence each."""
        problems = []
        seen = set()
        for line in self:
            found = [line._get_figure_problem()]
            if (line.agreement_id, line.product_id) in seen:
                found.append(self.env._("is listed twice in this agreement."))
            seen.add((line.agreement_id, line.product_id))
            problems += [
                f"{line.product_id.display_name}: {problem}" for problem in found if problem
            ]
        return [
            *self._describe_hindrances(self._get_hindrances()),
            *problems,
            *self._get_zero_problems(),
            *self._get_other_line_problems(),
            *self._get_other_rule_problems(),
            *self._get_demand_problems(),
        ]

    def _describe_hindrances(self, hindrances):
        """Return why nothing can be ordered for some of the lines, a sentence each.

        :param hindrances: values of ``problem`` by line
        """
        return [
            f"{line.product_id.display_name}: {line._describe_problem(hindrances[line])}"
            for line in self
            if line in hindrances
        ]

    def _describe_problem(self, problem):
        """Return in a sentence why nothing can be ordered for the line, and the way out.

        :param problem: a value of the field
        """
        self.ensure_one()
        vendor, place = self.partner_id.display_name, self.location_id.display_name
        match problem:
            case "vendor_archived":
                return self.env._(
                    "%s is archived: restore the vendor, or close the agreement.", vendor
                )
            case "place_archived":
                return self.env._(
                    "%s or its warehouse is archived: restore it, or close the agreement.", place
                )
            case "product_archived":
                return self.env._("is archived: restore it, or set the Run-out day of its line.")
            case "not_tracked":
                return self.env._(
                    "its stock is not tracked: tick Track Inventory on the product, or set the "
                    "Run-out day of its line."
                )
            case "kit":
                return self.env._(
                    "is a kit, which has no stock of its own: list its components instead."
                )
            case "no_vendor_row":
                return self.env._(
                    "%(vendor)s has no row that is valid now in the product's purchase list: add "
                    "one, or correct its dates.",
                    vendor=vendor,
                )
            case "no_buy_rule":
                return self.env._(
                    "%(place)s is not supplied by a purchase: give the product or the warehouse "
                    "the route Buy.",
                    place=place,
                )
            case "not_whole":
                return self._describe_units()
        labels = dict(self._fields["problem"]._description_selection(self.env))
        return f"{labels[problem]}."

    def _describe_units(self):
        """Say why what is ordered cannot be whole in both the product's and the vendor's unit."""
        asked, own = self.replenishment_uom_id, self.product_id.uom_id
        sold_in = self._get_vendor_row().product_uom_id
        unit = asked or sold_in
        if not unit._has_common_reference(own):
            return self.env._("%s is not a unit of this product.", unit.name)
        if asked and not _is_whole(asked._compute_quantity(1, sold_in, round=False)):
            return self.env._(
                "a %(unit)s is not a whole number of the vendor's unit %(sold_in)s.",
                unit=asked.name,
                sold_in=sold_in.name,
            )
        return self.env._(
            "no number of %(unit)s can be written in %(own)s: choose another unit under In "
            "Multiples Of, or keep the product in the unit in which the vendor sells it.",
            unit=unit.name,
            own=own.name,
        )

    def _get_zero_problems(self):
        """Name the lines by whose terms nothing would ever be kept."""
        return [
            f"{line.product_id.display_name}: {problem}"
            for line in self
            if (problem := line._get_zero_problem())
        ]

    def _get_other_line_problems(self):
        """Name the running agreements that keep the same product at the place, above or below."""
        problems = []
        others = self.sudo().search(
            Domain("state", "in", HOLDING_STATES)
            & Domain("product_id", "in", self.product_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("agreement_id", "not in", self.agreement_id.ids)
        )
        by_product = others.grouped(lambda line: (line.company_id, line.product_id))
        for line in self:
            for other in by_product.get((line.company_id, line.product_id), ()):
                if line.location_id._vmi_is_nested(other.location_id):
                    problems.append(other._describe_holding())
        return problems

    def _describe_holding(self, agreement=None):
        """Return in a sentence that the line keeps its product filled.

        :param agreement: the one that wants to
        """
        product = self.product_id.display_name
        if self.agreement_id == agreement:
            return self.env._("%s: is listed in this agreement already.", product)
        return self.env._(
            "%(product)s: %(agreement)s with %(vendor)s keeps it filled at %(place)s already.",
            product=product,
            agreement=self.agreement_id.name,
            vendor=self.partner_id.display_name,
            place=self.location_id.display_name,
        )

    def _get_other_rule_problems(self):
        """Name the orderpoints that order for the same place, or for one above or below it."""
        problems = []
        orderpoints = (
            self.env["stock.warehouse.orderpoint"]
            .sudo()
            .search(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("id", "not in", self.orderpoint_id.ids),
                ]
            )
        )
        by_product = orderpoints.grouped(lambda point: (point.company_id, point.product_id))
        for line in self:
            for other in by_product.get((line.company_id, line.product_id), ()):
                same_place = other.location_id == line.location_id
                # A manual one at the same place is taken over.
                if (same_place and other.trigger == "auto") or (
                    not same_place and line.location_id._vmi_is_nested(other.location_id)
                ):
                    problems.append(
                        self.env._(
                            "%(product)s: the reordering rule %(rule)s orders for %(place)s: "
                            "archive it, or make it manual if it is for the same place.",
                            product=line.product_id.display_name,
                            rule=other.name,
                            place=other.location_id.display_name,
                        )
                    )
        return problems

    def _get_demand_problems(self):
        """Name the lines whose service level has too little demand to rest on."""
        lines = self.filtered(lambda line: line.method == "service_level")
        return [
            f"{line.product_id.display_name}: {line._describe_problem(found['problem'])}"
            for line, found in lines._find().items()
            if found["problem"] == "few_demand_period_days"
        ]


def _is_whole(quantity):
    return quantity > 0 and float_is_zero(quantity - round(quantity), precision_digits=6)
