from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from .res_company import RESERVATION_ORDERS

# The states of an agreement in which its vendor may have stock with the company.
CONSIGNING_STATES = ("running", "suspended", "closed")


class VmiAgreement(models.Model):
    """An agreement whose stock may stay the vendor's until it is used."""

    _inherit = "vmi.agreement"

    ownership = fields.Selection(
        [("buyer", "Buyer"), ("consigned", "Vendor (Consignment)")],
        "Stock Belongs To",
        required=True,
        default="buyer",
        tracking=True,
        help="Buyer: what arrives is yours and is billed.\n"
        "Vendor: what arrives stays the vendor's. Nothing is billed or valued until it is used; "
        "what was used is settled by period.",
    )
    reservation_order = fields.Selection(
        RESERVATION_ORDERS,
        "Used First",
        tracking=True,
        help="Of a product that lies here as your own and as the vendor's, which is used first. It "
        "goes before the removal strategy, and so before expiry dates. Empty: as in the settings.",
    )
    bears_losses = fields.Boolean(
        "Losses Are Billed",
        tracking=True,
        help="What is scrapped, or missing when it is counted, is billed as if it had been used; "
        "what is found is taken off.",
    )
    consigned_since = fields.Date(
        "Settled From",
        copy=False,
        tracking=True,
        help="What was used before this day is not settled here. Empty: the day on which the "
        "agreement is started.",
    )
    settlement_billing = fields.Selection(
        [("vendor", "The Vendor's Bill"), ("self", "Self-Billing")],
        "Settled By",
        required=True,
        default="vendor",
        tracking=True,
        help="The vendor's bill: a draft waits for the number of the vendor's own bill.\n"
        "Self-billing: you bill in the vendor's name, with numbers of your own.",
    )

    unsettled_text = fields.Char("To Settle", compute="_compute_unsettled_text")
    settlement_count = fields.Integer("Number of Settlements", compute="_compute_settlement_count")

    def _compute_unsettled_text(self):
        settlements = self.env["vmi.consignment.settlement"].sudo()
        for agreement in self:
            amounts = {}
            if agreement.ownership == "consigned":
                amounts = settlements._get_unsettled(agreement.company_id, agreement.partner_id)
            agreement.unsettled_text = " + ".join(
                format_amount(self.env, amount, currency) for currency, amount in amounts.items()
            ) or (agreement.currency_id and format_amount(self.env, 0, agreement.currency_id))

    def _compute_settlement_count(self):
        counts = {
            (company, partner): count
            for company, partner, count in self.env["vmi.consignment.settlement"]
            .sudo()
            ._read_group(
                [("partner_id", "in", self.partner_id.ids)],
                ["company_id", "partner_id"],
                ["__count"],
            )
        }
        for agreement in self:
            is_consigned = agreement.ownership == "consigned"
            key = (agreement.company_id, agreement.partner_id)
            agreement.settlement_count = counts.get(key, 0) if is_consigned else 0

    def write(self, vals):
        if "ownership" in vals:
            for agreement in self:
                if agreement.state != "draft" and agreement.ownership != vals["ownership"]:
                    raise UserError(
                        self.env._(
                            "%(agreement)s is not a draft any more, so its stock goes on belonging "
                            "to whom it was agreed. Close it and make another one.",
                            agreement=agreement.name,
                        )
                    )
        return super().write(vals)

    def action_start(self):
        result = super().action_start()
        consigned = self.filtered(lambda agreement: agreement.ownership == "consigned")
        for agreement in consigned:
            if not agreement.consigned_since:
                agreement.consigned_since = agreement.company_id._vmi_today()
        if consigned:
            self._show_owners()
        return result

    def action_open_consigned_stock(self):
        """Show what the vendor has here."""
        return self._action_open_of_vendor("vmi_consignment_stock_action")

    def action_open_settlements(self):
        """Show the vendor's settlements."""
        return self._action_open_of_vendor("vmi_consignment_settlement_action")

    def _action_open_of_vendor(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"supply_partner_consignment.{name}")
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        return {**action, "domain": domain, "context": {"default_partner_ids": self.partner_id.ids}}

    @api.model
    def _show_owners(self):
        """Let transfers, counts and scrap show whose stock they are about."""
        group = self.env.ref("stock.group_tracking_owner").sudo()
        users = self.env.ref("base.group_user").sudo()
        if group not in users.all_implied_ids:
            users._apply_group(group)

    def _describe_start(self):
        sentences = super()._describe_start()
        if self.ownership == "consigned":
            sentences.append(
                self.env._(
                    "What arrives belongs to %s until it is used. Nothing is billed before a "
                    "settlement.",
                    self.partner_id.display_name,
                )
            )
        return sentences

    def _get_problems(self):
        problems = super()._get_problems()
        other = self.env["ir.module.module"].sudo()._get("stock_owner_restriction")
        if self.ownership == "consigned" and other.state == "installed":
            problems.append(
                self.env._(
                    "the add-on stock_owner_restriction is installed: it hides the vendor's stock "
                    "and decides otherwise whose stock is used. Uninstall it."
                )
            )
        return problems

    def _get_reservation_order(self, product, location):
        """Return which of a vendor's and own stock of a product is used first at a location.

        :return: ``own`` or ``vendor``
        """
        agreement = self._find_for(product, location)
        return agreement.reservation_order or agreement.company_id.sudo().vmi_reservation_order

    def _find_for(self, product, location):
        """Return the agreement of these that a product at a location is about.

        :return: the one that keeps it there; else one of a vendor who consigns it elsewhere in
            the company. None of these: empty, unless all are of one vendor
        """
        kept = self.line_ids.filtered(
            lambda line: (
                line.product_id == product
                and line.state in CONSIGNING_STATES
                and (location.parent_path or "").startswith(line.location_id.parent_path or "")
            )
        ).sorted(lambda line: CONSIGNING_STATES.index(line.state))
        if kept:
            return kept[0].agreement_id
        return self[:1] if len(self.partner_id) == 1 else self.browse()
