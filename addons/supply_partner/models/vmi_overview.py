from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from .vmi_agreement import BUYER_GROUP, HOLDING_STATES


class VmiOverview(models.AbstractModel):
    """The page that Supply Partners opens on; add-ons add what they measure."""

    _name = "vmi.overview"
    _inherit = "overview.page"
    _description = "Supply Partners Overview"

    @api.model
    def _check_may_see(self):
        result = super()._check_may_see()
        if not self.env.user.has_group(BUYER_GROUP):
            raise AccessError(self.env._("You need the role User of Purchase for this page."))
        return result

    @api.model
    def _get_subtitle(self, scope):
        return self.env.company.name

    @api.model
    def _get_scopes(self):
        """Managers look at the company first, buyers at their agreements."""
        choices = [
            {"value": "mine", "label": self.env._("Mine")},
            {"value": "company", "label": self.env._("Company")},
        ]
        if self.env.user.has_group("purchase.group_purchase_manager"):
            choices.reverse()
        return choices

    @api.model
    def _scope_domain(self, scope, agreement=""):
        """Return which records are of a scope in the current company.

        :param agreement: the field of the agreement with a dot; empty for agreements themselves
        """
        domain = Domain(f"{agreement}company_id", "=", self.env.company.id)
        if scope == "mine":
            user = self.env.uid
            domain &= Domain(f"{agreement}user_id", "=", user) | Domain(
                f"{agreement}backup_user_id", "=", user
            )
        return domain

    @api.model
    def _get_steps(self):
        """The way from a vendor to a running agreement, until one runs."""
        agreements = self.env["vmi.agreement"]
        here = Domain("company_id", "=", self.env.company.id)
        if agreements.search_count(here & Domain("state", "in", HOLDING_STATES), limit=1):
            return []
        drafts = agreements.search(here & Domain("state", "=", "draft"), limit=1)
        has_vendor = bool(
            drafts or self.env["res.partner"].search_count([("supplier_rank", ">", 0)], limit=1)
        )
        draft = (
            {"res_id": drafts.id, "views": [(False, "form")], "view_mode": "form"} if drafts else {}
        )
        new = {"views": [(False, "form")], "view_mode": "form"}
        return [
            {
                "name": "vendor",
                "label": self.env._("Vendor"),
                "text": self.env._("Choose who keeps shelves filled."),
                "is_done": has_vendor,
                "button": self.env._("Open Vendors"),
                "action": self._open("supply_partner.vendor_action"),
            },
            {
                "name": "products",
                "label": self.env._("Products"),
                "text": self.env._("Agree on products, and on a minimum and a maximum for each."),
                "is_done": bool(drafts.line_ids),
                "button": self.env._("Make an Agreement"),
                "action": self._open("supply_partner.vmi_agreement_action", **(draft or new)),
            },
            {
                "name": "start",
                "label": self.env._("Start"),
                "text": self.env._("From then on its shelves are reviewed, and orders proposed."),
                "is_done": False,
                "button": self.env._("Open Agreements"),
                "action": self._open("supply_partner.vmi_agreement_action", **draft),
            },
        ]

    @api.model
    def _get_sections(self, scope):
        return [
            self._section("approve", self.env._("To Approve"), self._approve_tiles(scope)),
            self._section("shelves", self.env._("Shelves"), self._shelf_tiles(scope)),
            self._section("orders", self.env._("Orders"), self._order_tiles(scope)),
            self._section("reviews", self.env._("Reviews"), self._review_tiles(scope)),
        ]

    @api.model
    def _approve_tiles(self, scope):
        domain = Domain("proposal_id.state", "in", ("draft", "sent"))
        domain &= self._scope_domain(scope, "proposal_id.agreement_id.")
        lines = self.env["vmi.proposal.line"].search_fetch(
            domain, ["proposal_id", "approved_qty", "unit_price"]
        )
        proposals = lines.proposal_id
        value = sum(
            line.currency_id._convert(
                line.approved_qty * line.unit_price,
                self.env.company.currency_id,
                self.env.company,
                fields.Date.context_today(self),
            )
            for line in lines
        )
        oldest = min(proposals.mapped("create_date"), default=False)
        opened = self._open(
            "supply_partner.vmi_proposal_line_action",
            self._scope_domain(scope, "proposal_id.agreement_id."),
        )
        return [
            self._tile(
                "lines",
                self.env._("Lines to Approve"),
                len(lines),
                icon="fa-check-square-o",
                tone="warning" if lines else False,
                hint=oldest and self.env._("the oldest since %s", format_date(self.env, oldest)),
                action=opened,
                counts=True,
            ),
            self._tile(
                "value",
                self.env._("Value"),
                value,
                "monetary",
                icon="fa-money",
                hint=self.env._("of what is proposed"),
                action=opened,
            ),
            self._tile(
                "over_limit",
                self.env._("Over the Limit"),
                len(proposals.filtered("is_over_limit")),
                icon="fa-hand-paper-o",
                hint=self.env._("automatic, but too large to go unseen"),
                action=self._open(
                    "supply_partner.vmi_proposal_action",
                    Domain("state", "in", ("draft", "sent"))
                    & Domain("is_over_limit", "=", True)
                    & self._scope_domain(scope, "agreement_id."),
                    {},
                ),
                counts=True,
            ),
        ]

    @api.model
    def _shelf_tiles(self, scope):
        lines = self.env["vmi.agreement.line"]
        running = Domain("state", "=", "running") & self._scope_domain(scope, "agreement_id.")
        counts = dict(lines._read_group(running, ["stock_status"], ["__count"]))
        surplus = lines.search_fetch(
            running & Domain("stock_status", "in", ("above", "dead")),
            ["product_id", "on_hand_qty", "level_max_qty", "stock_status"],
        )
        excess = sum(
            line.product_id.standard_price
            * (line.on_hand_qty - (0 if line.stock_status == "dead" else line.level_max_qty))
            for line in surplus
            if line.on_hand_qty > line.level_max_qty or line.stock_status == "dead"
        )

        def tile(name, label, icon, tone, hint=False):
            count = counts.get(name, 0)
            return self._tile(
                name,
                label,
                count,
                icon=icon,
                tone=tone if count else False,
                hint=hint,
                action=self._open_board(scope, Domain("stock_status", "=", name)),
                counts=True,
            )

        short = lines.search_count(running & Domain("is_short", "=", True))
        return [
            tile("out", self.env._("Out of Stock"), "fa-times-circle", "danger"),
            self._tile(
                "short",
                self.env._("Short Before Delivery"),
                short,
                icon="fa-hourglass-half",
                tone="danger" if short else False,
                action=self._open_board(scope, Domain("is_short", "=", True)),
                counts=True,
            ),
            tile("below", self.env._("Below Minimum"), "fa-arrow-down", "warning"),
            tile("above", self.env._("Above Maximum"), "fa-arrow-up", "warning"),
            tile("dead", self.env._("No Demand"), "fa-archive", "warning"),
            self._tile(
                "overstock",
                self.env._("Overstock Value"),
                excess,
                "monetary",
                icon="fa-cubes",
                hint=self.env._("above the maximum, or without demand, at cost"),
                action=self._open_board(scope, Domain("stock_status", "in", ("above", "dead"))),
            ),
        ]

    @api.model
    def _open_board(self, scope, domain):
        return self._open(
            "supply_partner.vmi_agreement_line_action",
            domain & Domain("state", "=", "running") & self._scope_domain(scope, "agreement_id."),
            {},
        )

    @api.model
    def _order_tiles(self, scope):
        late = (
            Domain("vmi_agreement_id", "!=", False)
            & Domain("state", "=", "purchase")
            & Domain("receipt_status", "in", ("pending", "partial"))
            & Domain("date_planned", "<", fields.Datetime.now())
            & self._scope_domain(scope, "vmi_agreement_id.")
        )
        changed = Domain("vmi_change", "!=", False) & Domain("vmi_is_seen", "=", False)
        changed &= self._scope_domain(scope, "vmi_agreement_id.")
        failed = Domain("vmi_mail_failure", "!=", False)
        failed &= self._scope_domain(scope, "vmi_agreement_id.")
        late_count = self.env["purchase.order"].search_count(late)
        changed_count = self.env["purchase.order.line"].search_count(changed)
        failed_count = self.env["purchase.order"].search_count(failed)
        return [
            self._tile(
                "late",
                self.env._("Late Orders"),
                late_count,
                icon="fa-clock-o",
                tone="danger" if late_count else False,
                hint=self.env._("due, and not received in full"),
                action=self._open(
                    "purchase.purchase_form_action", late, {}, name=self.env._("Late Orders")
                ),
                counts=True,
            ),
            self._tile(
                "changed",
                self.env._("Changed Orders"),
                changed_count,
                icon="fa-pencil",
                tone="warning" if changed_count else False,
                hint=self.env._("by the vendor, and not seen yet"),
                action=self._open("supply_partner.purchase_order_line_changed_action", changed, {}),
                counts=True,
            ),
            self._tile(
                "not_mailed",
                self.env._("Orders Not Mailed"),
                failed_count,
                icon="fa-envelope-o",
                tone="danger" if failed_count else False,
                action=self._open("supply_partner.not_mailed_action", failed),
                counts=True,
            ),
        ]

    @api.model
    def _review_tiles(self, scope):
        today = self.env.company._vmi_today()
        agreements = self.env["vmi.agreement"]
        running = Domain("state", "=", "running") & self._scope_domain(scope)
        soon = running & Domain("next_review_date", "<=", today + timedelta(days=1))
        [(first, due)] = agreements._read_group(soon, [], ["next_review_date:min", "__count"])
        alerts = Domain("agreement_id", "!=", False) & self._scope_domain(scope, "agreement_id.")
        return [
            self._tile(
                "reviews",
                self.env._("Next Reviews"),
                due,
                icon="fa-calendar-check-o",
                hint=first and self.env._("from %s on", format_date(self.env, first)),
                action=self._open("supply_partner.vmi_agreement_action", soon, {}),
                counts=True,
            ),
            self._tile(
                "alerts",
                self.env._("Alerts"),
                self.env["vmi.alert"].search_count(alerts),
                icon="fa-bell-o",
                action=self._open("supply_partner.vmi_alert_action", alerts, {}),
                counts=True,
            ),
        ]
