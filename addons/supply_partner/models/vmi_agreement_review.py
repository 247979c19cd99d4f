from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import format_amount, format_date

from ..engine import Rhythm, add_purchase_lines, apply_findings, proposals_query


class VmiAgreementReview(models.Model):
    """How agreements are reviewed: one set-based pass over all their lines."""

    _inherit = "vmi.agreement"

    def review(self):
        """Find what is below its minimum, and propose to fill it up.

        What is proposed already counts, so reviewing twice proposes nothing twice.

        :return: the ``vmi.proposal`` records made
        :raise UserError: when an agreement is not running today, or under review elsewhere
        """
        self.check_access("write")
        self._check_reviewable()
        self._lock()
        proposals = self.env["vmi.proposal"]
        for company, agreements in self.grouped("company_id").items():
            proposals += agreements.sudo()._review_company(company)
        proposals = proposals.with_env(self.env)
        proposals._decide_automatically()
        return proposals

    def action_review(self):
        """Review now and show what was proposed."""
        proposals = self.review()
        if not proposals:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self._describe_nothing_proposed(),
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proposals"),
            "res_model": "vmi.proposal",
            "view_mode": "form" if len(proposals) == 1 else "list,form",
            "res_id": proposals.id if len(proposals) == 1 else False,
            "domain": [("id", "in", proposals.ids)],
        }

    def _describe_nothing_proposed(self):
        held = self.filtered("held_value")[:1]
        if held:
            return self.env._(
                "Held until it is worth %(least)s: %(value)s.",
                least=format_amount(self.env, held.minimum_order_value, held.currency_id),
                value=format_amount(self.env, held.held_value, held.currency_id),
            )
        return self.env._("Nothing is to be proposed.")

    def _check_reviewable(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for agreement in self:
            today = agreement.company_id._vmi_today()
            if agreement.state != "running":
                raise UserError(
                    self.env._(
                        "%(agreement)s is %(state)s: only a running agreement is reviewed.",
                        agreement=agreement.name,
                        state=labels[agreement.state].lower(),
                    )
                )
            if agreement.date_start and agreement.date_start > today:
                raise UserError(
                    self.env._(
                        "%(agreement)s starts on %(day)s.",
                        agreement=agreement.name,
                        day=format_date(self.env, agreement.date_start),
                    )
                )
            agreement._check_not_ended()

    def _lock(self):
        """Keep other reviews and decisions about the agreements off until the end."""
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is reviewing, or deciding about, one of these agreements at "
                    "this moment. Try again."
                )
            ) from error
        # Read anew, so that the review is written even in the second of another one.
        self.invalidate_recordset(["state", "decided_at", "last_review"])

    def _review_company(self, company):
        """Review agreements of one company, all in one pass; return the proposals made."""
        self = self.with_company(company)
        self.env["vmi.proposal"]._search_expired(self)._expire()
        self._find_with_transfers(company)
        apply_findings(self.env.cr)
        self.line_ids.invalidate_recordset(flush=False)
        self.env["stock.warehouse.orderpoint"].invalidate_model(
            ["product_min_qty", "product_max_qty"], flush=False
        )
        proposals = self._propose_transfers() + self._propose()
        today = company._vmi_today()
        for agreement in self:
            # Neither is tracked, and looking at what is would take longer than the writing.
            agreement.with_context(tracking_disable=True).write(
                {
                    "last_review": fields.Datetime.now(),
                    "next_review_date": agreement._get_next_review_date(today),
                }
            )
        return proposals

    def _propose(self):
        """Make the proposals of what was found, without those that are not worth an order yet."""
        vals_list = []
        rows = self.env.execute_query(proposals_query())
        held = {}
        for agreement_id, value, urgent, is_held in rows:
            agreement = self.browse(agreement_id)
            if is_held:
                held[agreement] = value
                continue
            vals_list.append(agreement._prepare_proposal_vals(value, urgent))
        for agreement in self:
            if agreement.held_value != held.get(agreement, 0):
                agreement.held_value = held.get(agreement, 0)
        return self._create_proposals(vals_list, add_purchase_lines)

    def _create_proposals(self, vals_list, add_lines):
        """Create proposals and, by SQL, their lines."""
        proposals = self.env["vmi.proposal"].with_context(mail_create_nolog=True).create(vals_list)
        if proposals:
            self.env.flush_all()
            add_lines(
                self.env.cr,
                self.env.uid,
                [(proposal.agreement_id.id, proposal.id) for proposal in proposals],
            )
            self.env["vmi.proposal.line"].invalidate_model()
            proposals.invalidate_recordset(["line_ids"], flush=False)
        return proposals

    def _prepare_proposal_vals(self, value, urgent):
        """Return what a new proposal of the agreement holds.

        :param value: what its lines are worth
        :param urgent: how many of them are out before the next review
        """
        self.ensure_one()
        note = False
        if value < self.minimum_order_value:
            note = self.env._(
                "Below the least order value of %(least)s, but %(count)s products will be out "
                "before the next review.",
                least=format_amount(self.env, self.minimum_order_value, self.currency_id),
                count=urgent,
            )
        return {
            "agreement_id": self.id,
            "state": "sent" if self.decision == "vendor" else "draft",
            "note": note,
            "date_expiry": self._get_expiry(),
        }

    def _get_expiry(self):
        return fields.Datetime.now() + timedelta(days=self.expiry_days)

    def _prepare_rhythms(self, today):
        return tuple(
            Rhythm(
                agreement.id,
                agreement._get_review_interval(),
                agreement._get_next_review_date(today),
            )
            for agreement in self
        )
