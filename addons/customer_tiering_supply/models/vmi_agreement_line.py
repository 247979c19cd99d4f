from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP
from odoo.addons.supply_partner.models.vmi_agreement import HOLDING_STATES
from odoo.tools import SQL

from ..engine import line_mix_query
from ..tools import highest_target, weighted_target

# The key of customers without a tier among the shares.
NO_TIER = "0"


class VmiAgreementLine(models.Model):
    _inherit = "vmi.agreement.line"

    target_from = fields.Selection(
        [
            ("typed", "Typed"),
            ("highest", "Highest of the Tiers"),
            ("weighted", "Weighted by Tier"),
        ],
        required=True,
        default="typed",
        help="Typed: the service target stays as it is typed.\n"
        "Highest: the highest target of the service levels of tiers that take at least 5 % of the "
        "quantity.\n"
        "Weighted: the mean of the targets, by the share of each tier. Where a tier has none, the "
        "typed one counts.\n"
        "Typing a service target sets this to Typed.",
    )
    typed_service_target = fields.Float(
        readonly=True,
        copy=False,
        help="What was typed before the tiers set the service target.",
    )
    tier_shares = fields.Json(
        readonly=True,
        copy=False,
        groups=TIERING_GROUP,
        help="The share of each tier in what is sold of the product from the warehouse.",
    )
    tier_mix = fields.Char(
        compute="_compute_tier_mix",
        groups=TIERING_GROUP,
        help="Which tiers buy the product from the warehouse, by quantity over the demand period, "
        "drawn towards the company's mix as if 10 units more had been sold by that.",
    )

    @api.depends("tier_shares")
    @api.depends_context("lang")
    def _compute_tier_mix(self):
        for line, mix in self._get_tier_mixes().items():
            parts = [
                f"{tier.name if tier else self.env._('No tier')} {100 * share:.0f} %"
                for tier, share in mix
                if share >= 0.005
            ]
            line.tier_mix = " · ".join(parts)

    @api.depends("target_from")
    def _compute_levels_text(self):
        return super()._compute_levels_text()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        by_tiers = lines.sudo().filtered(lambda line: line.target_from != "typed")
        for line in by_tiers:
            line.typed_service_target = line.service_target
        by_tiers._find_tier_mix()
        return lines

    def write(self, vals):
        if "service_target" in vals and "target_from" not in vals:
            # What is typed wins.
            vals = {**vals, "target_from": "typed"}
        if "target_from" not in vals:
            return super().write(vals)
        before = {line: line.target_from for line in self}
        result = super().write(vals)
        changed = self.filtered(lambda line: line.target_from != before[line]).sudo()
        changed._keep_typed_targets(before, vals)
        changed.filtered(lambda line: line.state in HOLDING_STATES)._measure()
        return result

    def _keep_typed_targets(self, before, vals):
        """Keep what was typed while the tiers set the target, and give it back afterwards.

        :param before: where the target came from, by line
        :param vals: what was written
        """
        for line in self:
            if line.target_from == "typed":
                line.typed_service_target, typed = 0, line.typed_service_target
                if typed and "service_target" not in vals:
                    line._set_target(typed)
            elif before[line] == "typed":
                line.typed_service_target = line.service_target
        self.filtered(lambda line: line.target_from != "typed")._find_tier_mix()

    def _describe_levels(self):
        text = super()._describe_levels()
        if self.method == "service_level" and self.target_from != "typed":
            text += f" · {self._describe_target()}"
        return text

    def _describe_target(self):
        """Return in a phrase where the service target comes from."""
        self.ensure_one()
        if self.target_from == "weighted":
            return self.env._("target weighted by tier")
        return self.env._("highest target of the tiers")

    def _get_tier_mixes(self):
        """Return {line: pairs (tier, share)}, the best tier first; the last may be no tier."""
        shares = {line: dict(line.tier_shares or {}) for line in self.sudo()}
        ids = {int(key) for found in shares.values() for key in found if key != NO_TIER}
        tiers = self.env["customer.tier"].sudo().browse(ids).exists().sorted("sequence")
        mixes = {}
        for line, found in shares.items():
            mix = [(tier, found[str(tier.id)]) for tier in tiers if str(tier.id) in found]
            if nobody := found.get(NO_TIER):
                mix.append((tiers.browse(), nobody))
            mixes[line.sudo(self.env.su)] = mix
        return mixes

    def _get_tier_target(self, mix):
        """Return the service target by the tiers; None where none of them has one.

        :param mix: as of :meth:`_get_tier_mixes`
        """
        self.ensure_one()
        targets = [
            (share, tier.service_level_id.filtered("active").service_target) for tier, share in mix
        ]
        if self.target_from == "highest":
            return highest_target(targets)
        return weighted_target(targets, self.typed_service_target)

    def _find_tier_mix(self):
        """Find which tiers buy each product, and the service target that follows from it."""
        lines = self.sudo()
        # The statements read orders and agreements alike. Of very many lines only those are read
        # whose mix is another one, or whose target goes by it.
        self.env.flush_all()
        for company_id, stored in lines._get_stored_mixes().items():
            rows = self.env.execute_query(
                line_mix_query(company_id, list(stored), fields.Datetime.now())
            )
            shares = dict(rows)
            found = {line_id: shares.get(line_id) or {NO_TIER: 1.0} for line_id in stored}
            changed = [line_id for line_id in stored if stored[line_id] != found[line_id]]
            for line in lines.browse(changed):
                line.tier_shares = found[line.id]
        lines.search([("id", "in", lines.ids), ("target_from", "!=", "typed")])._take_tier_targets()

    def _get_stored_mixes(self):
        """Return {company id: {line id: shares as they are stored}}."""
        rows = self.env.execute_query(
            SQL(
                "SELECT company_id, id, tier_shares FROM vmi_agreement_line "
                "WHERE id = ANY(%s) ORDER BY id",
                self.ids,
            )
        )
        mixes = defaultdict(dict)
        for company_id, line_id, shares in rows:
            mixes[company_id][line_id] = shares
        return mixes

    def _take_tier_targets(self):
        """Set the service target of the lines, which take it from the tiers."""
        targets = defaultdict(self.browse)
        for line, mix in self._get_tier_mixes().items():
            target = round(line._get_tier_target(mix) or line.typed_service_target, 4)
            if target and target != line.service_target:
                targets[target] += line
        for target, lines in targets.items():
            lines._set_target(target)

    def _set_target(self, target):
        """Set the service target without a note: the history would have one a day."""
        self.flush_recordset(["service_target"])
        self.env.cr.execute(
            SQL(
                "UPDATE vmi_agreement_line SET service_target = %s WHERE id = ANY(%s)",
                target,
                self.ids,
            )
        )
        self.invalidate_recordset(["service_target", "levels_text"], flush=False)

    def _measure(self):
        self.filtered(lambda line: not line.sudo().tier_shares)._find_tier_mix()
        return super()._measure()
