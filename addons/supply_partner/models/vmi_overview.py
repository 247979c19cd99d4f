from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

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
        if self._count_all(self._scope_first())["holding"]:
            return []
        agreements = self.env["vmi.agreement"]
        here = Domain("company_id", "=", self.env.company.id)
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
    def _scope_first(self):
        """Return the scope that is asked for, or the first one that the user is offered."""
        return self.env.context.get("overview_scope") or self._get_scopes()[0]["value"]

    @api.model
    def _read_overview(self, scope):
        allowed = [choice["value"] for choice in self._get_scopes()]
        asked = scope if scope in allowed else allowed[0]
        return super(VmiOverview, self.with_context(overview_scope=asked))._read_overview(scope)

    @api.model
    def _count_all(self, scope):
        """Return by name how many records each tile counts that needs no more than that.

        All are asked for at once, each by the rules of its own model.
        """

        def count():
            queries = {
                name: self.env[model]._search(domain)
                for name, (model, domain) in self._get_counted(scope).items()
            }
            [row] = self.env.execute_query(
                SQL(
                    "SELECT %s",
                    SQL(", ").join(
                        SQL("(%s)", query.select("COUNT(*)")) for query in queries.values()
                    ),
                )
            )
            return dict(zip(queries, row, strict=True))

        return self._once(("counts", scope), count)

    @api.model
    def _get_counted(self, scope):
        """Return by name the model and domain of what is counted; tiles open the same."""
        orders = self._scope_domain(scope, "vmi_agreement_id.")
        of_agreement = self._scope_domain(scope, "agreement_id.")
        tomorrow = self.env.company._vmi_today() + timedelta(days=1)
        return {
            "holding": (
                "vmi.agreement",
                Domain("company_id", "=", self.env.company.id)
                & Domain("state", "in", HOLDING_STATES),
            ),
            "over_limit": (
                "vmi.proposal",
                Domain("state", "in", ("draft", "sent"))
                & Domain("is_over_limit", "=", True)
                & of_agreement,
            ),
            "late": (
                "purchase.order",
                Domain("vmi_agreement_id", "!=", False)
                & Domain("state", "=", "purchase")
                & Domain("receipt_status", "in", ("pending", "partial"))
                & Domain("date_planned", "<", fields.Datetime.now())
                & orders,
            ),
            "changed": (
                "purchase.order.line",
                Domain("vmi_change", "!=", False) & Domain("vmi_is_seen", "=", False) & orders,
            ),
            "not_mailed": ("purchase.order", Domain("vmi_mail_failure", "!=", False) & orders),
            "reviews": (
                "vmi.agreement",
                Domain("state", "=", "running")
                & Domain("next_review_date", "<=", tomorrow)
                & self._scope_domain(scope),
            ),
            "alerts": ("vmi.alert", Domain("agreement_id", "!=", False) & of_agreement),
        }

    @api.model
    def _counted_tile(self, scope, name, label, xmlid, context=None, **options):
        """Return a tile of a number of :meth:`_count_all`, which opens just what it counts.

        :param context: of the action; its own by default
        """
        _model, domain = self._get_counted(scope)[name]
        count = self._count_all(scope)[name]
        tone = options.pop("tone", False)
        named = {"name": options.pop("title")} if "title" in options else {}
        return self._tile(
            name,
            label,
            count,
            tone=tone if count else False,
            action=self._open(xmlid, domain, context, **named),
            counts=True,
            **options,
        )

    @api.model
    def _approve_tiles(self, scope):
        lines = self.env["vmi.proposal.line"]
        domain = Domain("proposal_id.state", "in", ("draft", "sent"))
        domain &= self._scope_domain(scope, "proposal_id.agreement_id.")
        lines.flush_model(["approved_qty", "unit_price"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT agreement.currency_id, COUNT(*),
                       SUM(line.approved_qty * COALESCE(line.unit_price, 0)),
                       MIN(proposal.create_date)
                  FROM vmi_proposal_line line
                  JOIN vmi_proposal proposal ON proposal.id = line.proposal_id
                  JOIN vmi_agreement agreement ON agreement.id = proposal.agreement_id
                 WHERE line.id IN %s
              GROUP BY agreement.currency_id
                """,
                lines._search(domain).subselect(),
            )
        )
        count = sum(row[1] for row in rows)
        oldest = min((row[3] for row in rows), default=False)
        value = sum(
            self.env["res.currency"]
            .browse(currency_id)
            ._convert(
                amount or 0,
                self.env.company.currency_id,
                self.env.company,
                fields.Date.context_today(self),
            )
            for currency_id, _count, amount, _date in rows
        )
        opened = self._open(
            "supply_partner.vmi_proposal_line_action",
            self._scope_domain(scope, "proposal_id.agreement_id."),
        )
        return [
            self._tile(
                "lines",
                self.env._("Lines to Approve"),
                count,
                icon="fa-check-square-o",
                tone="warning" if count else False,
                hint=oldest
                and self.env._("the oldest since %s", format_full_day(self.env, oldest)),
                action=opened,
                counts=True,
            ),
            self._tile(
                "value",
                self.env._("Value to Approve"),
                value,
                "monetary",
                icon="fa-money",
                hint=self.env._("at the vendors' prices"),
                action=opened,
            ),
            self._counted_tile(
                scope,
                "over_limit",
                self.env._("Over the Limit"),
                "supply_partner.vmi_proposal_action",
                {},
                icon="fa-hand-paper-o",
                hint=self.env._("automatic, but too large to go unseen"),
            ),
        ]

    @api.model
    def _shelf_tiles(self, scope):
        counts, short, excess = self._measure_shelves(scope)

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
            tile("dead", self.env._("Dead Stock"), "fa-archive", "warning"),
            self._tile(
                "overstock",
                self.env._("Overstock Value"),
                excess,
                "monetary",
                icon="fa-cubes",
                hint=self.env._("above the maximum, or without demand, at cost"),
                action=self._open_board(
                    scope,
                    Domain("stock_status", "in", ("above", "dead")),
                    {"shows_overstock": True},
                    views=[(False, "list"), (False, "kanban"), (False, "form")],
                    view_mode="list,kanban,form",
                ),
            ),
        ]

    @api.model
    def _measure_shelves(self, scope):
        """Return what is known of the running lines: a count by status, the short, the excess."""
        company = self.env.company
        lines = self.env["vmi.agreement.line"]
        running = Domain("state", "=", "running") & self._scope_domain(scope, "agreement_id.")
        products = self.env["product.product"].sudo().with_company(company)
        cost = products._field_to_sql(
            "product", "standard_price", products._as_query(ordered=False)
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.stock_status, COUNT(*), COUNT(*) FILTER (WHERE line.is_short),
                       SUM(ROUND((GREATEST(line.on_hand_qty - CASE
                               WHEN line.stock_status = 'dead' THEN 0
                               ELSE line.level_max_qty END, 0) * %(cost)s)::numeric, %(digits)s))
                           FILTER (WHERE line.stock_status IN ('above', 'dead'))
                  FROM vmi_agreement_line line
                  JOIN product_product product ON product.id = line.product_id
                 WHERE line.id IN %(lines)s
              GROUP BY line.stock_status
                """,
                cost=cost,
                digits=company.currency_id.decimal_places,
                lines=lines._search(running).subselect(),
            )
        )
        return (
            {status: count for status, count, _short, _excess in rows},
            sum(short for _status, _count, short, _excess in rows),
            float(sum(excess or 0 for _status, _count, _short, excess in rows)),
        )

    @api.model
    def _open_board(self, scope, domain, context=None, **values):
        return self._open(
            "supply_partner.vmi_agreement_line_action",
            domain & Domain("state", "=", "running") & self._scope_domain(scope, "agreement_id."),
            context or {},
            **values,
        )

    @api.model
    def _order_tiles(self, scope):
        return [
            self._counted_tile(
                scope,
                "late",
                self.env._("Late Orders"),
                "purchase.purchase_form_action",
                {},
                title=self.env._("Late Orders"),
                icon="fa-clock-o",
                tone="danger",
                hint=self.env._("due, and not received in full"),
            ),
            self._counted_tile(
                scope,
                "changed",
                self.env._("Changed Orders"),
                "supply_partner.purchase_order_line_changed_action",
                {},
                icon="fa-pencil",
                tone="warning",
                hint=self.env._("by the vendor, and not seen yet"),
            ),
            self._counted_tile(
                scope,
                "not_mailed",
                self.env._("Orders Not Mailed"),
                "supply_partner.not_mailed_action",
                icon="fa-envelope-o",
                tone="danger",
            ),
        ]

    @api.model
    def _review_tiles(self, scope):
        first = self._find_first_review(scope)
        return [
            self._counted_tile(
                scope,
                "reviews",
                self.env._("Next Reviews"),
                "supply_partner.vmi_agreement_action",
                {},
                icon="fa-calendar-check-o",
                hint=first and self.env._("from %s on", format_full_day(self.env, first)),
            ),
            self._counted_tile(
                scope,
                "alerts",
                self.env._("Alerts"),
                "supply_partner.vmi_alert_action",
                {},
                icon="fa-bell-o",
            ),
        ]

    @api.model
    def _find_first_review(self, scope):
        """Return the day of the first of the next reviews; False without any."""
        _model, domain = self._get_counted(scope)["reviews"]
        [(first,)] = self.env["vmi.agreement"]._read_group(domain, [], ["next_review_date:min"])
        return first
