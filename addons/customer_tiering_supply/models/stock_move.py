from math import inf

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_day
from odoo.tools import SQL, float_compare

from ..engine import claims_query, pools_query
from ..tools import NONE, Claim, Pool


class Allotments(dict):
    """How much each move may still reserve, by id; no client can send such an object."""


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.onchange("quantity")
    def _onchange_quantity_allocation(self):
        """Warn of a quantity typed by hand that others wait for; it stays as it is typed."""
        origin = self._origin
        if origin and self.quantity > origin.quantity and (shares := origin._get_own_shares()):
            quantity = self.product_uom._compute_quantity(
                self.quantity, self.product_id.uom_id, round=False
            )
            if text := origin._describe_own_share(quantity, shares[origin]):
                return {"warning": {"title": self.env._("Others are waiting"), "message": text}}
        return None

    def _action_assign(self, force_qty=False):
        # What is given by hand is given.
        allocated = self.browse() if force_qty else self._get_allocated()
        if not allocated:
            return super()._action_assign(force_qty=force_qty)
        pools = allocated._get_pools()
        allotments = Allotments(
            (move_id, allotment.quantity)
            for pool in pools
            for move_id, allotment in pool.allocate().items()
        )
        moves = self._in_turn(pools).with_context(tier_allotments=allotments)
        return super(StockMove, moves)._action_assign(force_qty=force_qty)

    def _update_reserved_quantity(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        """Reserve no more than the move's allotment."""
        allotments = self.env.context.get("tier_allotments")
        if not isinstance(allotments, Allotments) or self.id not in allotments:
            return super()._update_reserved_quantity(
                need, location_id, lot_id, package_id, owner_id, strict
            )
        need = min(need, allotments[self.id])
        if self.product_id.uom_id.compare(need, 0) <= 0:
            return 0
        taken = super()._update_reserved_quantity(
            need, location_id, lot_id, package_id, owner_id, strict
        )
        allotments[self.id] -= taken
        return taken

    def _get_allocated(self, by_hand=False):
        """Return the moves whose stock is allocated: those to customers that wait for it.

        :param by_hand: also those for which all is reserved or picked
        """
        states = {"confirmed", "partially_available"} | ({"assigned"} if by_hand else set())
        companies = self.env["vmi.agreement"]._get_allocating_company_ids()
        return self.filtered(
            lambda move: (
                move.company_id.id in companies
                and move.state in states
                and (by_hand or not move.picked)
                and move.procure_method == "make_to_stock"
                and not move.move_orig_ids
                and not move._should_bypass_reservation()
                and (
                    move.sale_line_id
                    or (move.location_final_id or move.location_dest_id).usage == "customer"
                )
            )
        )

    def _get_pools(self):
        """Return the pools of stock that the moves would take from, with all who wait for them."""
        pools = []
        for company, moves in self.grouped("company_id").items():
            pairs = {(move.product_id.id, move.location_id.id) for move in moves}
            asked = SQL(
                "SELECT * FROM (VALUES %s) AS pair (company_id, product_id, location_id)",
                SQL(", ").join(SQL("(%s, %s, %s)", company.id, *pair) for pair in sorted(pairs)),
            )
            pools += self._read_pools(company, asked, moves.ids)
        return pools

    @api.model
    def _read_pools(self, company, asked, move_ids):
        """Return pools of one company's stock with all who wait for them, in two statements.

        :param asked: SQL as of :func:`~..engine.pools_query`
        :param move_ids: moves that count although stock is not due to be reserved for them
        """
        now = fields.Datetime.now()
        pools, wait_days = {}, {}
        for pool, row in self._find_pools(company, asked):
            if pool.allocation != NONE:
                key = pool.product_id, pool.root_id
                pools[key], wait_days[key] = pool, row["wait_days"]
        if not pools:
            return []
        self.env.cr.execute(claims_query(list(pools), now.date(), move_ids))
        for row in self.env.cr.dictfetchall():
            key = row["product_id"], row["root_id"]
            pools[key].claims.append(
                Claim(
                    row["move_id"],
                    row["need"],
                    row["held"],
                    inf if row["rank"] is None else row["rank"],
                    row["is_urgent"],
                    (now - row["promised"]).days >= wait_days[key],
                    row["step"],
                )
            )
        return list(pools.values())

    @api.model
    def _find_pools(self, company, asked):
        """Return pairs (pool without claims, what was read of it) of one company's stock."""
        self._flush_claims()
        usable = self.env["vmi.agreement.line"]._get_usable_stock(company)
        self.env.cr.execute(pools_query(asked, usable, fields.Datetime.now()))
        return [(Pool.from_row(row), row) for row in self.env.cr.dictfetchall()]

    @api.model
    def _flush_claims(self):
        """Write what the statements read and is not written yet."""
        self.env["stock.quant"].flush_model(["quantity", "reserved_quantity"])
        self.env["sale.order"].flush_model(["customer_tier_id"])
        for model in ("res.company", "vmi.agreement"):
            self.env[model].flush_model(["scarce_allocation", "scarce_reserve_level"])
        self.env["res.company"].flush_model(["scarce_wait_days"])
        self.env["vmi.agreement.line"].flush_model(
            ["state", "tier_shares", "daily_demand", "daily_demand_deviation", "lead_days"]
        )
        self.flush_model(
            [
                "state", "picked", "procure_method", "product_qty", "quantity", "priority", "date",
                "date_deadline", "reservation_date", "location_id", "location_final_id",
                "sale_line_id",
            ]
        )  # fmt: skip

    def _in_turn(self, pools):
        """Return the moves with those that are allocated in the order in which they are served.

        The others keep their places among them.
        """
        turns = {claim.id: claim.turn for pool in pools for claim in pool.claims}
        claiming = iter(
            sorted((move for move in self if move.id in turns), key=lambda move: turns[move.id])
        )
        return self.browse(next(claiming).id if move.id in turns else move.id for move in self)

    def _get_own_shares(self):
        """Return {move: (pool, what it would have if it held nothing)} of allocated moves."""
        moves = self.sudo()._get_allocated(by_hand=True)
        shares = {}
        for pool in moves._get_pools() if moves else ():
            for claim in pool.claims:
                move = self.browse(claim.id)
                if move in self:
                    shares[move] = (pool, pool.get_share(claim.id))
        return shares

    def _describe_own_share(self, quantity, share):
        """Return in words that a quantity is more than the move's share; empty if it is not.

        :param quantity: what it reserves, in the product's unit
        :param share: a pool and how much of it would be the move's
        """
        self.ensure_one()
        _pool, own = share
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if float_compare(quantity, own, precision_digits=digits) <= 0:
            return ""
        number = self.env["vmi.proposal.line"]._format_quantity
        return self.env._(
            "%(product)s: %(quantity)s %(unit)s are more than the %(own)s that the allocation by "
            "tier gives to this delivery. Other deliveries are waiting for them.",
            product=self.product_id.display_name,
            quantity=number(quantity),
            own=number(own),
            unit=self.product_id.uom_id.name,
        )

    def _describe_wait(self):
        """Return why deliveries wait, a sentence for each of the moves that lack something."""
        moves = self._get_allocated()
        notes = []
        for pool in moves._get_pools() if moves else ():
            found = pool.allocate()
            for move in moves:
                if (
                    move.id not in found
                    or move.product_uom.compare(move.product_uom_qty, move.quantity) <= 0
                ):
                    continue
                notes.append(move._describe_allotment(pool, found[move.id]))
        return notes

    def _describe_allotment(self, pool, allotment):
        """Say how much of a pool a move has and why it is not more, and what comes next."""
        self.ensure_one()
        number = self.env["vmi.proposal.line"]._format_quantity
        parts = [
            self.env._(
                "%(product)s: %(held)s of %(need)s %(unit)s reserved",
                product=self.product_id.display_name,
                held=number(self.quantity),
                need=number(self.product_uom_qty),
                unit=self.product_uom.name,
            )
        ]
        if allotment.quantity > 0 and allotment.reason != "full":
            parts.append(
                self.env._(
                    "%s more can be reserved now: check availability", number(allotment.quantity)
                )
            )
        else:
            parts.append(self._describe_reason(allotment.reason, pool))
        parts.append(self._describe_next_receipt(pool.next_day))
        return " · ".join(part for part in parts if part)

    @api.model
    def _describe_reason(self, reason, pool):
        """Return in words why a move may not take more; tiers are named to nobody."""
        match reason:
            case "rest":
                return self.env._("gets all that is left")
            case "share":
                return self.env._("shared with others who wait alike, by what they ordered")
            case "better":
                return self.env._("others come first")
            case "reserve":
                return self.env._("some is kept for orders to come until the next receipt")
            case "nothing":
                return self.env._("nothing is free now")
        return self.env._("can be reserved now: check availability")

    @api.model
    def _describe_next_receipt(self, day):
        if not day:
            return self.env._("no receipt is on its way")
        return self.env._("next receipt %s", format_day(self.env, day))
