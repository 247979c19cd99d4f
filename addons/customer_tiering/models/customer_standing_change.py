from functools import partial

from odoo import api, fields, models
from odoo.addons.set_based_runs.transactions import commit_step
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from .res_partner import TIERING_GROUP

# Followers of a contact choose by these what they are notified of.
SUBTYPES = {
    "up": "customer_tiering.mt_tier_upgrade",
    "down": "customer_tiering.mt_tier_downgrade",
}
# Changes announced in one transaction.
BATCH = 100


class CustomerStandingChange(models.Model):
    """Ledger of tier changes: customer, tiers, date and reason. Runs add rows; none is changed.

    It names the partner and the company itself and outlives the standing, so that
    merging two customers keeps the history of both.
    """

    _name = "customer.standing.change"
    _description = "Tier Change"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    standing_id = fields.Many2one("customer.standing", ondelete="set null", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    old_tier_id = fields.Many2one("customer.tier", "From Tier", ondelete="restrict")
    new_tier_id = fields.Many2one("customer.tier", "To Tier", ondelete="restrict")
    reason = fields.Selection(
        [
            ("first", "Tiered again"),
            ("upgrade", "Upgrade"),
            ("downgrade", "Downgrade"),
            ("manual", "Override"),
            ("override_expired", "Override ended"),
            ("left", "No longer tiered"),
            ("replaced", "Policy replaced"),
        ],
        required=True,
        help="Why the tier changed. The first tier of a customer is not listed: the customer score "
        "shows since when. Policy replaced: another policy is active now, and the customer is as "
        "high in its tiers as before.",
    )
    direction = fields.Selection(
        [("up", "Up"), ("down", "Down"), ("level", "Same level")],
        readonly=True,
        help="By the ranks of both tiers. Between the tiers of two policies, by the share of each "
        "policy's tiers that are better.",
    )
    date = fields.Date(required=True, index=True)
    score = fields.Float(digits=(5, 2), aggregator="avg")
    evaluation_id = fields.Many2one(
        "customer.tier.evaluation", ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", "Recalculated by")
    is_announced = fields.Boolean(
        readonly=True, help="Whether the users who asked for it were notified."
    )

    _to_announce_index = models.Index("(id) WHERE is_announced IS NOT TRUE")

    @api.model_create_multi
    def create(self, vals_list):
        """Set the direction, as runs do in SQL."""
        moves = super().create(vals_list)
        for (old, new), alike in moves.grouped(
            lambda move: (move.old_tier_id, move.new_tier_id)
        ).items():
            alike.sudo().direction = old._get_direction(new)
        return moves

    @api.readonly
    def action_open_customer(self):
        """Open the customer's page."""
        self.ensure_one()
        return self.env["customer.standing"]._open_customer(self.partner_id, self.company_id)

    @api.model
    def _announce(self, commit):
        """Notify users who asked for it of upgrades and downgrades, once each.

        :param commit: called as ``ir.cron._commit_progress`` after each batch; when it returns
            0 the time is up and the rest waits for the next call, which has one batch at least
        """
        unheard = [("is_announced", "=", False)]
        commit(remaining=self.search_count(unheard))
        commit_step(self.env, self._pass_over_unheard, commit)
        policies = self.env["customer.tier.policy"]
        for (company,) in self._read_group(unheard, ["company_id"]):
            announce = partial(self._announce_company, company, commit)
            if policies._attempt(company, "announce", announce) is False:
                return

    def _announce_company(self, company, commit):
        """Announce a company's changes in batches; return False when the time is up before."""
        unheard = [("is_announced", "=", False), ("company_id", "=", company.id)]
        return self._announce_rows(unheard, commit)

    def _announce_rows(self, unheard, commit=None):
        """Announce the changes of a domain in batches; return False when the time is up before."""
        commit = commit or self.env["ir.cron"]._commit_progress
        while self.search_count(unheard, limit=1):
            if not commit_step(self.env, partial(self._announce_batch, unheard), commit):
                return False
        return True

    def _announce_batch(self, unheard):
        """Announce the oldest of some changes and return how many."""
        moves = self.search(unheard, order="id", limit=BATCH)
        for move in moves:
            move._post_on_customer()
        moves.is_announced = True
        return len(moves)

    def _pass_over_unheard(self):
        """Mark the changes of which no user wants to be notified, and return how many."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_standing_change AS change
                   SET is_announced = TRUE
                  FROM res_partner AS partner
             LEFT JOIN res_users AS salesperson
                    ON salesperson.id = partner.user_id
                   AND salesperson.active
                   AND (salesperson.tells_upgrades OR salesperson.tells_downgrades)
                 WHERE change.is_announced IS NOT TRUE
                   AND partner.id = change.partner_id
                   AND salesperson.id IS NULL
                   AND NOT EXISTS (
                       SELECT 1
                         FROM mail_followers AS follower
                         JOIN mail_followers_mail_message_subtype_rel AS wish
                           ON wish.mail_followers_id = follower.id
                        WHERE follower.res_model = 'res.partner'
                          AND follower.res_id = partner.id
                          AND wish.mail_message_subtype_id = ANY(%s))
                """,
                [subtype.id for subtype in self._get_subtypes().values() if subtype],
            )
        )
        settled = self.env.cr.rowcount
        self.env.invalidate_all()
        return settled

    def _post_on_customer(self):
        """Notify the salesperson and the followers who asked for it and may see tiers.

        No message is posted on the contact, because whoever reads contacts would read the tier.
        A change to the same level of another policy is not announced.
        """
        if self.direction not in SUBTYPES:
            return
        subtype = self._get_subtypes()[self.direction]
        salesperson = self.partner_id.user_id
        followers = self.partner_id.message_follower_ids.filtered(
            lambda follower: subtype and subtype in follower.subtype_ids
        )
        wishes = {"up": salesperson.tells_upgrades, "down": salesperson.tells_downgrades}
        listeners = followers.partner_id.user_ids
        if wishes[self.direction]:
            listeners |= salesperson
        listeners = listeners.filtered(self._may_be_seen_by)
        for lang, users in listeners.grouped("lang").items():
            listener = self.with_context(lang=lang)
            self.partner_id.message_notify(
                subject=subtype.with_context(lang=lang).name,
                body=listener._describe_move(),
                subtype_id=subtype.id,
                partner_ids=users.partner_id.ids,
            )

    @api.model
    def _get_subtypes(self):
        """Return the subtypes by direction; empty where one was deleted."""
        none = self.env["mail.message.subtype"]
        return {
            direction: self.env.ref(name, raise_if_not_found=False) or none
            for direction, name in SUBTYPES.items()
        }

    def _may_be_seen_by(self, user):
        """Return whether the user may see tiers of the change's company."""
        return (
            user.active
            and user.has_group(TIERING_GROUP)
            and self.company_id in user.company_ids.root_id
        )

    def _describe_event(self):
        """Return the change as an event of the customer's timeline."""
        self.ensure_one()
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        icon, tone = {
            "up": ("fa-arrow-up", "success"),
            "down": ("fa-arrow-down", "danger"),
        }.get(self.direction, ("fa-exchange", ""))
        names = {
            "reason": reasons[self.reason],
            "old": self.old_tier_id.name or "–",
            "new": self.new_tier_id.name or "–",
        }
        score = formatLang(self.env, self.score, digits=1)
        return self.env["customer.standing"]._prepare_event(
            self.date,
            icon,
            self.env._("%(reason)s: %(old)s → %(new)s", **names),
            # Who leaves has no score.
            self.new_tier_id and self.env._("Score %s", score),
            tone,
        )

    def _describe_move(self):
        """Return the change as one sentence."""
        names = {
            "company": self.company_id.name,
            "old": self.old_tier_id.name,
            "new": self.new_tier_id.name,
            "score": formatLang(self.env, self.score, digits=2),
        }
        if not self.new_tier_id:
            return self.env._("%(company)s: no longer tiered, was %(old)s.", **names)
        if not self.old_tier_id:
            return self.env._("%(company)s: now %(new)s, with a score of %(score)s.", **names)
        return self.env._(
            "%(company)s: from %(old)s to %(new)s, with a score of %(score)s.", **names
        )
