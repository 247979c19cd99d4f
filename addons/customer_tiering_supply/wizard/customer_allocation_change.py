from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ..models.res_company import ALLOCATIONS
from ..tools import foresee

# So many products are listed; the sums are of all.
MOST_LINES = 100


class CustomerAllocationChange(models.TransientModel):
    """Another way to allocate scarce stock, with what it gives to whom before it is chosen."""

    _name = "customer.allocation.change"
    _description = "Change of the Allocation of Scarce Stock"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    agreement_id = fields.Many2one("vmi.agreement", readonly=True)
    allocation = fields.Selection(
        [("company", "As the Company Has It"), *ALLOCATIONS],
        "Scarce Stock",
        required=True,
        default="none",
    )
    reserve_level = fields.Float(
        "Reserve Lasts",
        digits=(5, 4),
        default=0.8,
        help="How likely it shall be that what is kept for better tiers lasts until the next "
        "receipt.",
    )
    line_ids = fields.One2many(
        "customer.allocation.change.line",
        "change_id",
        compute="_compute_outlook",
        store=True,
        readonly=True,
        string="Products",
    )
    outlook = fields.Text(compute="_compute_outlook", store=True, readonly=True)

    @api.depends("allocation", "reserve_level", "company_id", "agreement_id")
    def _compute_outlook(self):
        for change in self:
            rows, sums = change._foresee()
            change.line_ids = [Command.clear(), *map(Command.create, rows[:MOST_LINES])]
            change.outlook = change._describe(rows, sums)

    @api.model
    def _open_for(self, company, agreement=None):
        """Return the action that shows the change for a company, or for one agreement of it."""
        owner = agreement or company
        owner.check_access("write")
        allocation = owner.scarce_allocation or "company"
        # The guard leaves what is read-only to methods.
        change = self.sudo().create(
            {
                "company_id": company.id,
                "agreement_id": agreement.id if agreement else False,
                "allocation": allocation,
                "reserve_level": owner.scarce_reserve_level,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Scarce Stock"),
            "res_model": self._name,
            "res_id": change.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_apply(self):
        """Allocate scarce stock so from now on."""
        self.ensure_one()
        owner = self.agreement_id or self.company_id
        owner.check_access("write")
        if not self.agreement_id and self.allocation == "company":
            raise AccessError(self.env._("Choose how the company allocates scarce stock."))
        vals = {"scarce_allocation": False if self.allocation == "company" else self.allocation}
        if self.allocation == "reserve":
            if not self._has_level():
                raise ValidationError(self.env._("Reserve Lasts must be between 50 % and 99.9 %."))
            vals["scarce_reserve_level"] = self.reserve_level
        # The guard leaves them to this button.
        owner.sudo().write(vals)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._describe_change(owner),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _describe_change(self, owner):
        """Return in a sentence how an owner allocates scarce stock now."""
        choices = dict(self._fields["allocation"]._description_selection(self.env))
        now = choices[self.allocation]
        if self.allocation == "reserve":
            now = self.env._(
                "%(allocation)s (lasts with %(level)s %%)",
                allocation=now,
                level=f"{100 * self.reserve_level:g}",
            )
        return self.env._(
            "Scarce Stock of %(owner)s is now: %(allocation)s.",
            owner=owner.display_name,
            allocation=now,
        )

    def _foresee(self):
        """Return what a reserve would mean until the next receipt of each product.

        :return: the values of lines, those that lose most first; and by rank of the tier, infinite
            for none, what is wanted, and what is served without and with the reserve
        """
        self.ensure_one()
        sums = defaultdict(lambda: [0.0, 0.0, 0.0])
        rows = []
        level = self.reserve_level
        if not self._has_level() or not self._is_own_company():
            return rows, sums
        for pool in self._get_pools():
            reserve = pool.reserve.with_level(level)
            found = foresee(pool.free, reserve)
            if not found:
                continue
            for one in found:
                sums[one.rank][0] += one.wanted
                sums[one.rank][1] += one.served
                sums[one.rank][2] += one.served_with_reserve
            best, *others = found
            wanted = sum(one.wanted for one in others)
            rows.append(
                {
                    "product_id": pool.product_id,
                    "free_qty": pool.free,
                    "days": reserve.days,
                    "next_receipt_date": pool.next_day,
                    "kept_qty": reserve.get_quantity(found[-1].rank),
                    "best_fill": best.served / best.wanted if best.wanted else 1,
                    "best_fill_with_reserve": best.served_with_reserve / best.wanted
                    if best.wanted
                    else 1,
                    "others_fill": sum(one.served for one in others) / wanted if wanted else 1,
                    "others_fill_with_reserve": sum(one.served_with_reserve for one in others)
                    / wanted
                    if wanted
                    else 1,
                    "lost_qty": sum(one.served - one.served_with_reserve for one in others),
                }
            )
        rows.sort(key=lambda row: (-row["lost_qty"], row["product_id"]))
        return rows, sums

    def _has_level(self):
        """Return whether the likelihood that a reserve lasts is one that can be kept."""
        return 0.5 <= self.reserve_level <= 0.999

    def _is_own_company(self):
        """Return whether the company is one of the user's: of another its stock is not told.

        A client can ask by any company before the record is written.
        """
        own = self.env.user.company_ids
        return bool(self.company_id) and (self.env.uid == SUPERUSER_ID or self.company_id in own)

    def _get_pools(self):
        """Return the stock of the products that agreements keep, with what is known of demand.

        Shelves in the stock of a warehouse share it.
        """
        condition = (
            SQL("line.agreement_id = %s", self.agreement_id.id)
            if self.agreement_id
            else SQL("TRUE")
        )
        asked = SQL(
            "SELECT DISTINCT line.company_id, line.product_id, line.location_id "
            "FROM vmi_agreement_line line WHERE line.state = 'running' "
            "AND line.company_id = %s AND line.daily_demand > 0 AND %s",
            self.company_id.id,
            condition,
        )
        self.env["vmi.agreement.line"].flush_model()
        found = self.env["stock.move"].sudo()._find_pools(self.company_id, asked)
        pools = {(pool.product_id, pool.root_id): pool for pool, _row in found}
        return [pool for pool in pools.values() if pool.reserve and pool.reserve.shares]

    def _describe(self, rows, sums):
        """Return what the choice means, and what a reserve would, in sentences."""
        meaning = {
            "company": self.env._("The agreement follows the company."),
            "none": self.env._("Whose delivery comes first is served first, whatever the tier."),
            "priority": self.env._(
                "Of what is in stock, urgent deliveries and better tiers are served first; equals "
                "share by what they ordered. Nothing is kept for orders to come."
            ),
            "reserve": self.env._(
                "Better tiers are served first, and so much is kept for them as they are likely to "
                "order until the next receipt."
            ),
        }
        text = [meaning.get(self.allocation, "")]
        if not self._has_level():
            text.append(self.env._("Reserve Lasts must be between 50 % and 99.9 %."))
            return "\n".join(text)
        if not rows:
            text.append(
                self.env._(
                    "A reserve would keep nothing: no product of a running agreement has demand "
                    "whose tiers are known."
                )
            )
            return "\n".join(text)
        text.append(
            self.env._(
                "Served until the next receipts, of what customers are likely to order, as they "
                "come → with a reserve:"
            )
        )
        names = self._get_tier_names()
        for rank, (wanted, served, guarded) in sorted(sums.items()):
            if wanted:
                name = names.get(rank, self.env._("No tier"))
                shares = f"{100 * served / wanted:.0f} % → {100 * guarded / wanted:.0f} %"
                text.append(f"{name}: {shares}")
        return "\n".join(text)

    def _get_tier_names(self):
        """Return the names of the company's tiers by rank; plain numbers to who sees no tiers.

        Orders may have been stamped with tiers that are archived by now.
        """
        tiers = self.env["customer.tier"].sudo().with_context(active_test=False)
        tiers = tiers.search([("company_id", "=", self.company_id.root_id.id)])
        # Of the same rank the present policy's counts.
        tiers = tiers.sorted(lambda tier: (tier.policy_id.active and tier.active, tier.id))
        names = {tier.sequence: tier.name for tier in tiers}
        if self.env.user.has_group(TIERING_GROUP):
            return names
        return {rank: self.env._("Tier %s", number) for number, rank in enumerate(sorted(names), 1)}
