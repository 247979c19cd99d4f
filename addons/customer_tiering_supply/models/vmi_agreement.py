from odoo import api, fields, models
from odoo.tools import ormcache

from .res_company import ALLOCATIONS


class VmiAgreement(models.Model):
    _inherit = "vmi.agreement"

    scarce_allocation = fields.Selection(
        ALLOCATIONS,
        "Scarce Stock",
        # Chosen with its preview only, see ``customer.allocation.change``.
        readonly=True,
        copy=False,
        tracking=True,
        help="Who gets what is not enough for all deliveries that wait. Empty: as the company has "
        "it.",
    )
    scarce_reserve_level = fields.Float(
        "Reserve Lasts",
        digits=(5, 4),
        default=0.8,
        readonly=True,
        copy=False,
        help="How likely it shall be that what is kept for better tiers lasts until the next "
        "receipt.",
    )
    scarce_allocation_note = fields.Char(
        "Scarce Stock Now", compute="_compute_scarce_allocation_note"
    )

    _scarce_reserve_level_range = models.Constraint(
        "CHECK (scarce_reserve_level >= 0.5 AND scarce_reserve_level <= 0.999)",
        "Reserve Lasts must be between 50 % and 99.9 %.",
    )

    @api.depends("scarce_allocation", "scarce_reserve_level", "company_id")
    @api.depends_context("lang")
    def _compute_scarce_allocation_note(self):
        labels = dict(self._fields["scarce_allocation"]._description_selection(self.env))
        for agreement in self:
            company = agreement.company_id.sudo()
            allocation = agreement.scarce_allocation or company.scarce_allocation
            note = labels.get(allocation, "")
            if allocation == "reserve":
                owner = agreement if agreement.scarce_allocation else company
                note = self.env._(
                    "%(allocation)s (lasts with %(level)s %%)",
                    allocation=note,
                    level=f"{100 * owner.scarce_reserve_level:g}",
                )
            if not agreement.scarce_allocation:
                note = self.env._("%s, as the company has it", note)
            agreement.scarce_allocation_note = note

    @api.model_create_multi
    def create(self, vals_list):
        agreements = super().create(vals_list)
        if any(vals.get("scarce_allocation") for vals in vals_list):
            self.env.registry.clear_cache()
        return agreements

    def write(self, vals):
        result = super().write(vals)
        if "scarce_allocation" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache()
    def _get_allocating_company_ids(self):
        """Return the ids of the companies in which scarce stock may be allocated by tier.

        Every reservation asks, and the answer hardly ever changes.
        """
        companies = self.env["res.company"].sudo().search([("scarce_allocation", "!=", "none")])
        agreements = self.sudo().search([("scarce_allocation", "in", ("priority", "reserve"))])
        return frozenset(companies.ids) | frozenset(agreements.company_id.ids)

    def action_change_scarce_allocation(self):
        """Show what another way to allocate scarce stock would mean, to choose one."""
        self.ensure_one()
        return self.env["customer.allocation.change"]._open_for(self.company_id, self)

    def _review_company(self, company):
        self.line_ids._find_tier_mix()
        return super()._review_company(company)
