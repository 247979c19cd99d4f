from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import Money, Scope
from ..engine.facts import Facts
from ..engine.rules import LadderStep, MovementRule, Rules, Run
from ..metrics.registry import (
    available_columns,
    available_documents,
    available_metrics,
    available_sources,
    installed_addons,
)


class CustomerTierPolicyRules(models.Model):
    """A policy as the engine's plain values."""

    _inherit = "customer.tier.policy"

    def _freeze_run(self, evaluation):
        """Return everything that a run goes by, as it is now, and note the criteria.

        :return: the :class:`~..engine.rules.Run` of the evaluation
        """
        evaluation.criteria = self._prepare_explanations()
        return Run(
            scope=self._prepare_scope(evaluation.as_of),
            rules=self._prepare_rules(),
            facts=self._prepare_facts(evaluation.as_of),
        )

    def _prepare_scope(self, as_of):
        company = self.company_id
        # Whoever may evaluate, evaluates all documents, whatever else he may read.
        branches = self.env["res.company"].sudo().search([("id", "child_of", company.id)])
        return Scope(
            company_id=company.id,
            company_ids=tuple(sorted(branches.ids)),
            as_of=as_of,
            window_months=self.window_months,
            timezone=company._tiering_timezone(),
            currency_id=company.currency_id.id,
            currency_rounding=Decimal(str(company.currency_id.rounding)),
            amount_basis=self.amount_basis,
            addons=frozenset(installed_addons(self.env)),
            columns=tuple(available_columns(self.env).values()),
            documents=tuple(available_documents(self.env).values()),
            money=Money(
                account_ids=tuple(self._get_money_accounts(branches)._ids),
                discount_account_ids=tuple(
                    branches.account_journal_early_pay_discount_loss_account_id._ids
                ),
                journal_ids=self._get_settling_journals(branches)._ids,
            ),
        )

    def _get_money_accounts(self, companies):
        """Return the accounts on which money arrives, or waits to arrive.

        Bank, cash and credit cards; the suspense and outstanding accounts of their journals;
        and other current accounts whose items are matched one by one, as a clearing account's.
        An add-on with accounts of another kind adds them.
        """
        journals = self.env["account.journal"].with_context(active_test=False)
        journals = journals.search(
            [("company_id", "in", companies.ids), ("type", "in", ("bank", "cash", "credit"))]
        )
        methods = journals.inbound_payment_method_line_ids | (
            journals.outbound_payment_method_line_ids
        )
        accounts = self.env["account.account"].with_context(active_test=False)
        accounts = accounts.search(
            Domain("company_ids", "in", companies.ids)
            & (
                Domain("account_type", "in", ("asset_cash", "liability_credit_card"))
                | Domain("account_type", "in", ("asset_current", "liability_current"))
                & Domain("reconcile", "=", True)
            )
        )
        return (
            accounts
            | journals.default_account_id
            | journals.suspense_account_id
            | methods.payment_account_id
            | companies.transfer_account_id
        )

    def _get_settling_journals(self, companies):
        """Return the journals whose entries settle invoices: all but those of invoices."""
        return (
            self.env["account.journal"]
            .with_context(active_test=False)
            .search([("company_id", "in", companies.ids), ("type", "not in", ("sale", "purchase"))])
        )

    def _get_criteria(self):
        """Return the criteria that can be judged by: those whose metric is there."""
        return self.criterion_ids.filtered("is_available")

    def _prepare_rules(self):
        """Return the policy as the engine's plain values."""
        return Rules(
            criteria=tuple(criterion._prepare_rule() for criterion in self._get_criteria()),
            method=self.method,
            ladder=tuple(
                LadderStep(tier._origin.id, Decimal(str(tier.min_score)), Decimal(str(tier.share)))
                for tier in self._get_ladder()
            ),
            movement=MovementRule(
                has_thresholds=self.method == "score",
                tolerance=Decimal(str(self.tolerance)),
                grace_days=self.grace_days,
                one_step=self.one_step_downgrade,
            ),
            prospect_tier_id=self.prospect_tier_id._origin.id or None,
        )

    def _prepare_facts(self, as_of):
        """Return what a run gathers: the sources that its metrics need, and no other."""
        metrics = available_metrics(self.env)
        wanted = tuple(metrics[criterion.metric] for criterion in self._get_criteria())
        margin = metrics.get("margin")
        needed = {code for metric in (*wanted, margin) if metric for code in metric.sources}
        return Facts(
            sources=tuple(
                source
                for code, source in available_sources(self.env).items()
                if code in needed or source.says_who_is_ranked
            ),
            metrics=wanted,
            margin=margin,
            partners=self._get_partner_query(as_of),
        )

    def _get_partner_query(self, as_of):
        """Return the subselect of the contacts that may be ranked.

        Neither archived ones are, nor those whom an override keeps out on the day.
        """
        partners = self.env["res.partner"].sudo().with_company(self.company_id)
        overrides = self.env["customer.tier.override"].sudo()
        kept_out = overrides._search(
            overrides._domain_active(self.company_id, as_of) & Domain("tier_id", "=", False)
        )
        return partners._search(
            self._get_partner_domain()
            & Domain("active", "=", True)
            & Domain(
                "id", "not in", kept_out.subselect(SQL.identifier(kept_out.table, "partner_id"))
            )
        ).subselect()
