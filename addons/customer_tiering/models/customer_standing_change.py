from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..tools.transactions import commit_step
from .res_partner import TIERING_GROUP

# By these, followers of a contact choose what they hear of: moves up, and moves down.
SUBTYPES = {
    "up": "customer_tiering.mt_tier_upgrade",
    "down": "customer_tiering.mt_tier_downgrade",
}
# Moves announced in one transaction.
BATCH = 100
# After so many days a move is history, and nobody is welcomed for it any more.
CARED_FOR_DAYS = 30


class CustomerStandingChange(models.Model):
    """Ledger of who moved when and why. Rows are added by runs and never changed.

    It names the partner and the company itself and outlives the standing, so that
    merging two customers keeps the history of both.
    """

    _name = "customer.standing.change"
    _description = "Change of a Customer's Tier"
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
            ("first", "Came back"),
            ("upgrade", "Upgrade"),
            ("downgrade", "Downgrade"),
            ("manual", "Overridden"),
            ("override_expired", "Override ended"),
            ("left", "Left the ladder"),
            ("replaced", "Tiers replaced"),
        ],
        required=True,
        help="Why the tier changed. First placements are not listed here: "
        "the standing itself says since when. Tiers replaced: another policy ranks now, and the "
        "customer stands as high in it as before.",
    )
    direction = fields.Selection(
        [("up", "Up"), ("down", "Down"), ("level", "As high as before")],
        readonly=True,
        help="By the tiers' places on their ladder; where the ladders differ, by the share of "
        "each that stands above the tier. It decides who is told, and which plan applies.",
    )
    date = fields.Date(required=True, index=True)
    score = fields.Float(digits=(5, 2), aggregator="avg")
    evaluation_id = fields.Many2one(
        "customer.tier.evaluation", ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", "By", help="Who ran the evaluation.")
    is_announced = fields.Boolean(
        readonly=True, help="Whether those who asked for it were told of the move."
    )

    is_followed_up = fields.Boolean(
        "Cared For", readonly=True, help="Whether the plans that tiers name were applied."
    )

    _to_care_for_index = models.Index("(company_id, id) WHERE is_followed_up IS NOT TRUE")
    _to_announce_index = models.Index("(id) WHERE is_announced IS NOT TRUE")

    @api.model_create_multi
    def create(self, vals_list):
        """Runs add rows by SQL, with their direction; whoever adds one otherwise gets it too."""
        moves = super().create(vals_list)
        for (old, new), alike in moves.grouped(
            lambda move: (move.old_tier_id, move.new_tier_id)
        ).items():
            alike.sudo().direction = old._get_direction(new)
        return moves

    @api.model
    def _announce(self, commit):
        """Tell those who asked for it who moved up or down; each move once.

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
        """Announce a company's moves in batches; return False when the time is up before."""
        unheard = [("is_announced", "=", False), ("company_id", "=", company.id)]
        while self.search_count(unheard, limit=1):
            if not commit_step(self.env, partial(self._announce_batch, unheard), commit):
                return False
        return True

    def _announce_batch(self, unheard):
        """Announce the oldest of some moves and return how many."""
        moves = self.search(unheard, order="id", limit=BATCH)
        for move in moves:
            move._post_on_customer()
        moves.is_announced = True
        return len(moves)

    def _pass_over_unheard(self):
        """Settle at once the moves that nobody wants to hear of, and return how many."""
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

    @api.model
    def _pass_over_not_followed_up(self, policy):
        """Settle the moves of a company to which no tier's plan applies; return how many."""
        uncared = Domain("company_id", "=", policy.company_id.id) & Domain(
            "is_followed_up", "=", False
        )
        cared_for = Domain("date", ">", policy._get_today() - timedelta(days=CARED_FOR_DAYS)) & (
            Domain("new_tier_id.welcome_plan_id", "!=", False)
            | Domain("old_tier_id.winback_plan_id", "!=", False)
        )
        query = self._search(uncared & ~cared_for)
        self.env.cr.execute(
            SQL(
                "UPDATE customer_standing_change SET is_followed_up = TRUE WHERE id IN %s",
                query.subselect(),
            )
        )
        settled = self.env.cr.rowcount
        self.invalidate_model(["is_followed_up"])
        return settled

    def _note_followed_up(self):
        """Note that nothing more is planned because of the moves, and return how many."""
        self.is_followed_up = True
        return len(self)

    def _get_plan(self):
        """Return the activity plan that the tiers name for the move, if they do."""
        plans = {"up": self.new_tier_id.welcome_plan_id, "down": self.old_tier_id.winback_plan_id}
        return plans.get(self.direction, self.env["mail.activity.plan"])

    def _post_on_customer(self):
        """Notify the salesperson and the followers who want to hear of it and may see tiers.

        The customer's history gets no message: whoever reads the contact would read the tier.
        Who stands as high as before, on another ladder, is no news.
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
        """Return the subtypes of news by direction; empty where somebody deleted one."""
        none = self.env["mail.message.subtype"]
        return {
            direction: self.env.ref(name, raise_if_not_found=False) or none
            for direction, name in SUBTYPES.items()
        }

    def _may_be_seen_by(self, user):
        """Return whether the user is still one who sees tiers of the move's company."""
        return (
            user.active
            and user.has_group(TIERING_GROUP)
            and self.company_id in user.company_ids.root_id
        )

    def _describe_move(self):
        """Return the move as one sentence."""
        names = {
            "company": self.company_id.name,
            "old": self.old_tier_id.name,
            "new": self.new_tier_id.name,
            "score": formatLang(self.env, self.score, digits=2),
        }
        if not self.new_tier_id:
            return self.env._("%(company)s: left the ladder, was %(old)s.", **names)
        if not self.old_tier_id:
            return self.env._("%(company)s: now %(new)s, with a score of %(score)s.", **names)
        return self.env._(
            "%(company)s: from %(old)s to %(new)s, with a score of %(score)s.", **names
        )
