from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.addons.set_based_runs.transactions import commit_step
from odoo.tools import SQL

# Mails made in one transaction.
BATCH = 50
TEMPLATES = {
    "upgrade": "customer_tiering_portal.mail_template_upgrade",
    "downgrade": "customer_tiering_portal.mail_template_downgrade",
}


class CustomerTierNotice(models.Model):
    """What a customer was told by mail of the own tier, once for each upgrade and downgrade."""

    _name = "customer.tier.notice"
    _description = "Tier Notice"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", index=True, readonly=True
    )
    kind = fields.Selection(
        [("upgrade", "Upgrade"), ("downgrade", "Coming downgrade")],
        "Type",
        required=True,
        readonly=True,
    )
    tier_id = fields.Many2one(
        "customer.tier",
        required=True,
        ondelete="restrict",
        readonly=True,
        help="The tier that was reached, or that is about to be lost.",
    )
    date = fields.Date(
        required=True, readonly=True, help="The day of the upgrade, or of the coming downgrade."
    )
    benefits = fields.Json(compute="_compute_benefits")
    needed_to_stay = fields.Char(compute="_compute_needed_to_stay")

    _once = models.Constraint(
        "UNIQUE (partner_id, company_id, kind, date)", "A customer is told once of each move."
    )

    @api.depends("tier_id")
    @api.depends_context("lang")
    def _compute_benefits(self):
        for notice in self:
            notice.benefits = notice.tier_id._describe_benefits(for_customer=True)

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_needed_to_stay(self):
        for notice in self:
            notice.needed_to_stay = (
                self.env["customer.standing"]
                .search(
                    [
                        ("partner_id", "=", notice.partner_id.id),
                        ("company_id", "=", notice.company_id.id),
                    ],
                    limit=1,
                )
                .needed_to_stay
            )

    @api.readonly
    def action_open_customer(self):
        """Open the customer's page."""
        self.ensure_one()
        return self.env["customer.standing"]._open_customer(self.partner_id, self.company_id)

    @api.model
    def _cron_send(self):
        """Mail the customers who were upgraded, and those who are about to be downgraded."""
        commit = self.env["ir.cron"]._commit_progress
        policies = self.env["customer.tier.policy"].sudo()
        mailing = policies.search(
            ["|", ("mails_upgrades", "=", True), ("mails_downgrades", "=", True)]
        )
        for policy in mailing:
            send = partial(self.sudo()._send_company, policy, commit)
            if policies._attempt(policy.company_id, "mails", send) is False:
                return

    def _send_company(self, policy, commit):
        """Mail a company's customers in batches; return False when the time is up before."""
        while self._get_untold(policy, limit=1):
            if not commit_step(self.env, partial(self._send_batch, policy), commit):
                return False
        return True

    def _send_batch(self, policy):
        """Mail the next customers and return how many."""
        notices = self.create(
            [
                {
                    "partner_id": partner,
                    "company_id": policy.company_id.id,
                    "kind": kind,
                    "tier_id": tier,
                    "date": date,
                }
                for kind, partner, tier, date in self._get_untold(policy, BATCH)
            ]
        )
        for kind, alike in notices.grouped("kind").items():
            # Whoever deleted the template wants no mail.
            if template := self.env.ref(TEMPLATES[kind], raise_if_not_found=False):
                template.send_mail_batch(
                    alike.ids, email_layout_xmlid="mail.mail_notification_light"
                )
        return len(notices)

    @api.model
    def _get_untold(self, policy, limit):
        """Return who is to be told of what: [(kind, partner id, tier id, date), …].

        An upgrade is told while the customer has that tier; a downgrade while its grace period
        runs and no override decides.
        """
        self.env.flush_all()
        today = policy.company_id._tiering_now().date()
        return self.env.execute_query(
            SQL(
                """
                  WITH due AS (
                       SELECT 'upgrade' AS kind, change.partner_id, change.new_tier_id AS tier_id,
                              change.date
                         FROM customer_standing_change AS change
                         JOIN customer_standing AS standing
                           ON standing.partner_id = change.partner_id
                          AND standing.company_id = change.company_id
                          AND standing.tier_id = change.new_tier_id
                        WHERE change.company_id = %(company)s
                          AND change.reason = 'upgrade'
                          AND change.date >= %(since)s
                    UNION ALL
                       SELECT 'downgrade', partner_id, tier_id, downgrade_on
                         FROM customer_standing
                        WHERE company_id = %(company)s
                          AND tier_id IS NOT NULL
                          AND override_id IS NULL
                          AND downgrade_on BETWEEN %(today)s AND %(until)s
                       )
                SELECT DISTINCT due.kind, due.partner_id, due.tier_id, due.date
                  FROM due
                  JOIN res_partner AS partner
                    ON partner.id = due.partner_id
                   AND partner.active
                   AND partner.email_normalized IS NOT NULL
                 WHERE NOT EXISTS (
                       SELECT 1
                         FROM customer_tier_notice AS notice
                        WHERE notice.partner_id = due.partner_id
                          AND notice.company_id = %(company)s
                          AND notice.kind = due.kind
                          AND notice.date = due.date)
              ORDER BY due.partner_id
                 LIMIT %(limit)s
                """,
                company=policy.company_id.id,
                # Without a day no date is on or after it, or between.
                since=(policy.mails_upgrades and policy.mails_since) or None,
                today=today if policy.mails_downgrades else None,
                until=today + timedelta(days=policy.notice_days),
                limit=limit,
            )
        )
