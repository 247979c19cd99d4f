import ast
from itertools import pairwise

from psycopg2 import DataError

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, float_compare

from .customer_tier import LATER


class CustomerTierPolicyChecks(models.Model):
    """Which rules can rank anybody, and what is said about the others."""

    _inherit = "customer.tier.policy"

    @api.constrains("company_id")
    def _check_root_company(self):
        for policy in self:
            root = policy.company_id.root_id
            if policy.company_id != root:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is a branch: its customers are ranked together with those of "
                        "%(root)s. Set the Company of policy %(policy)s to %(root)s.",
                        branch=policy.company_id.name,
                        root=root.name,
                        policy=policy.name,
                    )
                )

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        for policy in self:
            domain = policy._get_partner_domain()
            # As the user, who must not learn by the standings what he may not search by;
            # the ORM checks constraints with all rights.
            partners = self.env["res.partner"].with_user(self.env.uid)
            partners = partners.with_company(policy.company_id)
            try:
                with self.env.cr.savepoint():
                    query = partners._search(domain)
                    self.env.cr.execute(SQL("SELECT 1 WHERE 0 IN %s", query.subselect()))
            except (AccessError, ValueError, DataError) as error:
                raise policy._invalid_domain_error(error) from error

    def _check_weights(self):
        for policy in self:
            if policy.criterion_ids and not sum(policy.criterion_ids.mapped("weight")):
                raise ValidationError(
                    self.env._(
                        "The weights of policy %s add up to 0: give at least one criterion "
                        "a Weight above 0.",
                        policy.name,
                    )
                )

    def _check_ladder(self):
        for policy in self:
            policy._check_prospect_tier()
            policy._check_ranks()
            if policy.method != "score":
                policy._check_shares()
                continue
            for better, worse in pairwise(policy._get_ladder()):
                if better.min_score == worse.min_score:
                    raise ValidationError(
                        self.env._(
                            "%(better)s and %(worse)s of policy %(policy)s have the same "
                            "threshold, %(score)s: change From Score of one of them.",
                            better=better.name,
                            worse=worse.name,
                            policy=policy.name,
                            score=f"{worse.min_score:g}",
                        )
                    )
                if better.min_score < worse.min_score:
                    raise ValidationError(
                        self.env._(
                            "%(better)s stands above %(worse)s in policy %(policy)s and must ask "
                            "for more: its From Score is %(low)s, that of %(worse)s %(high)s. "
                            "Change one of them, or the order of the tiers.",
                            better=better.name,
                            worse=worse.name,
                            policy=policy.name,
                            low=f"{better.min_score:g}",
                            high=f"{worse.min_score:g}",
                        )
                    )

    def _check_ranks(self):
        """Refuse two tiers of which nobody could say which is the better one."""
        for better, worse in pairwise(self._get_ladder()):
            if better.sequence == worse.sequence:
                raise ValidationError(
                    self.env._(
                        "%(better)s and %(worse)s of policy %(policy)s have the same Rank, "
                        "%(rank)s: give each tier its own, or drag the tiers into their order on "
                        "the form of the policy.",
                        better=better.name,
                        worse=worse.name,
                        policy=self.name,
                        rank=better.sequence,
                    )
                )

    def _check_prospect_tier(self):
        tier = self.prospect_tier_id
        if tier and tier not in self._get_ladder():
            raise self._prospect_tier_error(tier)

    def _prospect_tier_error(self, tier):
        return ValidationError(
            self.env._(
                "Prospects of policy %(policy)s need a tier of its ladder, which %(tier)s is not: "
                "choose another Tier of Prospects first.",
                policy=self.name,
                tier=tier.name,
            )
        )

    def _check_shares(self):
        """Refuse shares that are missing or add up to more than everything."""
        ladder = self._get_ladder()
        for tier in ladder[:-1]:
            if not tier.share:
                raise ValidationError(
                    self.env._(
                        "%(tier)s of policy %(policy)s gets no share: set its Share above 0 %%.",
                        tier=tier.name,
                        policy=self.name,
                    )
                )
        total = sum(ladder[:-1].mapped("share"))
        if float_compare(total, 1, precision_digits=4) > 0:
            raise ValidationError(
                self.env._(
                    "The shares of policy %(policy)s add up to %(total)s %%: lower the Share of a "
                    "tier, so that they are 100 %% at most.",
                    policy=self.name,
                    total=f"{100 * total:g}",
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super(CustomerTierPolicyChecks, self._with_lines_checked_later()).create(
            vals_list
        )
        return policies.with_env(self.env)._check_lines()

    def write(self, vals):
        if "company_id" in vals:
            self._check_company_stays(vals["company_id"])
        result = super(CustomerTierPolicyChecks, self._with_lines_checked_later()).write(vals)
        self._check_lines()
        return result

    def _check_company_stays(self, company_id):
        """Refuse to move the tiers that customers of a company hold to another company."""
        for policy in self:
            if policy.evaluation_ids and policy.company_id.id != company_id:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s has ranked customers of %(company)s, so its Company "
                        "stays. Duplicate it for the other company.",
                        policy=policy.name,
                        company=policy.company_id.name,
                    )
                )

    def _with_lines_checked_later(self):
        """Return the policies such that their lines are not checked one by one.

        Two thresholds that are swapped in one save are equal for a moment.
        """
        return self.with_context(tiering_lines_checked_later=LATER)

    def _check_lines(self):
        self._check_ladder()
        self._check_weights()
        return self

    def _get_partner_domain(self):
        """Return the policy's domain on customers.

        :raise ValidationError: when the text is not a domain on contacts
        """
        self.ensure_one()
        try:
            domain = Domain(ast.literal_eval(self.partner_domain or "[]"))
            domain.validate(self.env["res.partner"])
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
            raise self._invalid_domain_error(error) from error
        return domain

    def _invalid_domain_error(self, error):
        return ValidationError(
            self.env._(
                "Customers of policy %(policy)s is not a filter on contacts that can be used: "
                "%(domain)s. Choose the conditions again. (%(error)s)",
                policy=self.name,
                domain=self.partner_domain,
                error=str(error).strip(),
            )
        )
