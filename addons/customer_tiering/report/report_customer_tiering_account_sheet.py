from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date
from odoo.tools.misc import format_decimalized_amount, formatLang

from ..engine.account_sheet import first_of_each
from ..engine.months import revenue_by_month, shown_months
from ..models.customer_tier_overview import ALL_CUSTOMERS_GROUP

# Customers printed at once at most: a sheet takes a moment each.
MAX_SHEETS = 50
# Lines of a list at most, so that a sheet is one page.
LISTED = 5
LISTED_MOVES = 4
# Odoo's colors 0 to 11, darkened so that white letters on them are legible on paper.
TIER_COLORS = (
    "#6c757d", "#c0392b", "#b45f12", "#8a6d0b", "#2f6fb5", "#7d4a70",
    "#a8532b", "#2b6d78", "#3b4a8c", "#a02b5e", "#23804e", "#6b3fa0",
)  # fmt: skip


class ReportCustomerTieringAccountSheet(models.AbstractModel):
    """What a salesperson takes along to a customer, on one page.

    Everything is read by the rights of the user who prints.
    """

    _name = "report.customer_tiering.account_sheet"
    _description = "Account Sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        standings = self._find_standings(docids or [])
        if not standings:
            raise UserError(self.env._("Select the customers whose account sheets to print."))
        if len(standings) > MAX_SHEETS:
            raise UserError(
                self.env._("At most %s account sheets can be printed at once.", MAX_SHEETS)
            )
        standings.check_access("read")
        standings.partner_id.check_access("read")
        return {
            "doc_ids": standings.ids,
            "doc_model": standings._name,
            "docs": standings,
            "sheets": self._prepare_sheets(standings),
            "sheet_lang": (self.env.lang or "en_US").replace("_", "-"),
            "printed": self.env._(
                "Printed on %(day)s by %(user)s, with what %(user)s may see. Internal.",
                day=format_date(self.env, fields.Datetime.now()),
                user=self.env.user.name,
            ),
        }

    @api.model
    def _find_standings(self, docids):
        return self.env["customer.standing"].browse(docids).exists()

    @api.model
    def _prepare_sheets(self, standings):
        """Return the sheets in the order of the customers, see ``_prepare_sheet``."""
        sheets = {}
        for company, of_company in standings.grouped("company_id").items():
            sections = self._get_account_sheet_sections(of_company)
            contacts = self._read_contacts(of_company)
            for standing in of_company:
                sheets[standing] = self._prepare_sheet(
                    standing, company, sections, contacts.get(standing.partner_id.id, [])
                )
        return [sheets[standing] for standing in standings]

    @api.model
    def _prepare_sheet(self, standing, company, sections, contacts):
        """Return what one page set shows, as texts; each section has its own ``values``."""
        partner, tier = standing.partner_id, standing.tier_id
        shown = [
            {**section, "values": section["values"][standing.id]}
            for section in sections
            if section["values"].get(standing.id)
        ]
        return {
            "standing": standing,
            "name": partner.name or partner.display_name,
            "reference": partner.ref,
            "company": company.sudo().name,
            "day": format_date(self.env, self._get_today(company)),
            "color": TIER_COLORS[tier.color % len(TIER_COLORS)] if tier else TIER_COLORS[0],
            "tier": tier.name or self.env._("No longer tiered"),
            "since": tier
            and self.env._(
                "Since %(day)s · %(how)s",
                day=format_date(self.env, standing.tier_since),
                how=standing.reached_by,
            ),
            # Who is a prospect has a tier and no score.
            "score": standing._has_score() and formatLang(self.env, standing.score, digits=1),
            "marks": self._prepare_marks(standing),
            "facts": self._prepare_facts(standing, contacts),
            "figures": self._prepare_figures(standing),
            "notes": standing._describe_notes(),
            "wide": [section for section in shown if section["place"] == "wide"],
            "main": [section for section in shown if section["place"] == "main"],
            "side": [section for section in shown if section["place"] == "side"],
        }

    @api.model
    def _get_account_sheet_sections(self, standings):
        """Return the sections of the sheets in their order, for add-ons to add theirs.

        An add-on calls super and inserts a ``_section``. It reads for all customers at once, and
        nothing that the user who prints may not read.

        :param standings: ``customer.standing`` of one company
        """
        return [
            self._get_revenue_section(standings),
            self._get_score_section(standings),
            self._get_quotation_section(standings),
            self._get_order_section(standings),
            self._get_invoice_section(standings),
            self._get_benefit_section(standings),
            self._get_need_section(standings),
            self._get_activity_section(standings),
            self._get_move_section(standings),
        ]

    @api.model
    def _section(self, name, title, template, values, place="main"):
        """Return a section.

        :param template: QWeb template that is given the customer's own ``values``, such as
            ``customer_tiering.account_sheet_table`` and ``customer_tiering.account_sheet_list``
        :param values: {id of a customer.standing: a dict}; who has none has no such section
        :param place: main, side (narrow) or wide (above both)
        """
        return {
            "name": name,
            "title": title,
            "template": template,
            "values": values,
            "place": place,
        }

    @api.model
    def _list(self, items, empty=False, more=0):
        """Return the values of ``account_sheet_list``.

        :param items: pairs of a lead, such as a date, or False, and a text
        :param empty: what is said without items
        :param more: how many items are not listed
        """
        return {"items": items, "empty": empty, "more": more and self.env._("and %s more", more)}

    @api.model
    def _get_today(self, company):
        return company.sudo()._tiering_now().date()

    @api.model
    def _show_whole_money(self, amount, currency):
        return format_amount(self.env, round(amount), currency, trailing_zeroes=False)

    # ---- Head -----------------------------------------------------------------------------------

    @api.model
    def _read_contacts(self, standings):
        """Return the people to ask for, by customer: those who can be called or written to."""
        people = self.env["res.partner"].search_fetch(
            [
                ("commercial_partner_id", "in", standings.partner_id.ids),
                ("id", "not in", standings.partner_id.ids),
                ("type", "=", "contact"),
                ("is_company", "=", False),
            ],
            ["commercial_partner_id", "name", "function", "phone", "email"],
            order="id",
        )
        contacts = {}
        for person in people:
            if person.name:
                contacts.setdefault(person.commercial_partner_id.id, []).append(person)
        for found in contacts.values():
            found.sort(key=lambda person: not (person.phone or person.email))
        return contacts

    @api.model
    def _prepare_facts(self, standing, contacts):
        """Return label and text of what the head says of the customer."""
        partner = standing.partner_id
        salesperson = partner.user_id
        address = ", ".join(part for part in (partner.street, partner.zip, partner.city) if part)
        if partner.country_id:
            address = ", ".join(part for part in (address, partner.country_id.name) if part)
        facts = [
            (self.env._("Salesperson"), salesperson.sudo().name or "–"),
            (
                self.env._("Contact"),
                " · ".join(
                    part
                    for person in contacts[:1]
                    for part in (person.name, person.function, person.phone, person.email)
                    if part
                ),
            ),
            (
                self.env._("Phone and Email"),
                " · ".join(part for part in (partner.phone, partner.email) if part),
            ),
            (self.env._("Address"), address),
        ]
        return [(label, text) for label, text in facts if text]

    @api.model
    def _prepare_marks(self, standing):
        """Return the scale of the score: where the tiers begin, from the lowest up."""
        policy = standing.tier_id.policy_id
        if policy.method != "score" or not standing._has_score():
            return []
        steps = []
        upper = 100
        for tier in policy._get_tiers():
            width = round(max(upper - tier.min_score, 0), 2)
            if width:
                steps.insert(
                    0,
                    {
                        "name": tier.name,
                        "from": formatLang(self.env, tier.min_score, digits=0),
                        "width": width,
                        "color": TIER_COLORS[tier.color % len(TIER_COLORS)],
                    },
                )
            upper = min(upper, tier.min_score)
        return steps

    @api.model
    def _prepare_figures(self, standing):
        """Return label, text and hint of what matters most about the customer."""
        currency = standing.currency_id
        revenue, before = standing.revenue, standing.previous_revenue
        change = False
        if before > 0:
            percent = formatLang(self.env, 100 * (revenue - before) / before, digits=0)
            sign = "+" if revenue > before else ""
            change = self.env._("%s %% on the period before", f"{sign}{percent}")
        last = standing.last_order_date
        days = last and (self._get_today(standing.company_id) - last).days
        lifecycle = dict(standing._fields["lifecycle"]._description_selection(self.env))
        segment = dict(standing._fields["rfm_segment"]._description_selection(self.env))
        return [
            (self.env._("Revenue"), self._show_whole_money(revenue, currency), change),
            (
                self.env._("Orders"),
                str(standing.order_count),
                standing.order_count
                and self.env._(
                    "%s on average",
                    self._show_whole_money(revenue / standing.order_count, currency),
                ),
            ),
            (
                self.env._("Last Order"),
                format_date(self.env, last) if last else "–",
                last and self._describe_days_ago(days),
            ),
            (
                self.env._("Lifecycle"),
                lifecycle.get(standing.lifecycle, "–"),
                segment.get(standing.rfm_segment, False),
            ),
            (
                self.env._("ABC Class"),
                (standing.abc_class or "–").upper(),
                False,
            ),
        ]

    @api.model
    def _describe_days_ago(self, days):
        if days <= 0:
            return self.env._("today")
        return self.env._("1 day ago") if days == 1 else self.env._("%s days ago", days)

    # ---- Sections -------------------------------------------------------------------------------

    @api.model
    def _read_monthly_revenue(self, standings):
        """Return {(customer's id, first day of a month): revenue}; empty without a policy."""
        company = standings.company_id
        # Whoever sees the revenue of a customer's score sees its months: it is the same sum.
        policy = self.env["customer.tier.policy"].sudo()
        policy = policy.search([("company_id", "=", company.id)], limit=1)
        if not policy:
            return {}
        self.env.flush_all()
        scope = policy._prepare_scope(self._get_today(company))
        return revenue_by_month(self.env.cr, scope, standings.partner_id.ids)

    @api.model
    def _get_revenue_section(self, standings):
        company = standings.company_id
        months = shown_months(self._get_today(company))
        revenues = self._read_monthly_revenue(standings)
        values = {}
        for standing in standings:
            amounts = [revenues.get((standing.partner_id.id, month), 0) for month in months]
            highest = max(amounts)
            if any(amounts):
                values[standing.id] = {
                    "bars": [
                        {
                            "text": format_decimalized_amount(round(amount)) if amount else "",
                            # In hundredths of the highest.
                            "height": round(100 * amount / highest)
                            if highest > 0 and amount > 0
                            else 0,
                            "label": format_date(self.env, month, date_format="MMM"),
                            "year": format_date(self.env, month, date_format="yyyy")
                            if month.month == 1 or month == months[0]
                            else "",
                            "is_running": month == months[-1],
                        }
                        for month, amount in zip(months, amounts, strict=True)
                    ],
                }
        title = self.env._("Revenue by Month (%s)", company.sudo().currency_id.name)
        return self._section(
            "revenue", title, "customer_tiering.account_sheet_bars", values, "wide"
        )

    @api.model
    def _get_internal_metrics(self):
        """Return codes of metrics that are not printed, because the sheet is taken to customers."""
        return {"margin"}

    @api.model
    def _get_score_section(self, standings):
        internal = self._get_internal_metrics()
        values = {}
        for standing in standings:
            rows = [
                standing._format_component(part)
                for part in standing.components or ()
                if part["metric"] not in internal
            ]
            if rows:
                values[standing.id] = {"rows": rows}
        return self._section(
            "score", self.env._("Why This Score"), "customer_tiering.account_sheet_score", values
        )

    @api.model
    def _read_documents(self, standings, model, contact, domain, order, amount=None):
        """Return the first documents of each customer that the user may read.

        :param contact: the field with the customer, or a contact of one
        :return: {customer's id: (records, how many there are, their sum)}; None where the user may
            read none at all
        """
        documents = self.env[model]
        if not documents.has_access("read"):
            return None
        ids = standings.partner_id.ids
        moved = Domain("made_for_id.commercial_partner_id", "in", ids)
        stayed = Domain("made_for_id", "=", False)
        path = contact if contact.startswith("commercial") else f"{contact}.commercial_partner_id"
        company = Domain("company_id", "child_of", standings.company_id.id)
        found = documents._search(
            Domain(domain) & company & (moved | stayed & Domain(path, "in", ids))
        )
        rows = self.env.execute_query(first_of_each(found, contact, order, LISTED, amount))
        listed = {}
        for customer, id_, count, total in rows:
            record_ids, _count, _total = listed.get(customer, ([], 0, 0))
            listed[customer] = ([*record_ids, id_], count, total)
        prefetch = [id_ for ids, _count, _total in listed.values() for id_ in ids]
        return {
            customer: (documents.browse(ids).with_prefetch(prefetch), count, float(total or 0))
            for customer, (ids, count, total) in listed.items()
        }

    @api.model
    def _sees_own_alone(self):
        """Return whether the user's role in sales shows the own documents alone."""
        user = self.env.user
        return user.has_group("sales_team.group_sale_salesman") and not user.has_group(
            ALL_CUSTOMERS_GROUP
        )

    @api.model
    def _prepare_table(self, standings, documents, columns, prepare_row, empty, total=None):
        """Return the values of ``account_sheet_table`` by customer.

        :param documents: what :meth:`_read_documents` returned
        :param columns: pairs of a label and whether it is of numbers
        :param prepare_row: called with a record, returns a list of texts
        :param empty: what is said without documents
        :param total: called with the sum, returns what stands below
        """
        if documents is None:
            return {}
        values = {}
        for standing in standings:
            records, count, amount = documents.get(standing.partner_id.id, ((), 0, 0))
            more = count - len(records)
            values[standing.id] = {
                "columns": columns,
                "rows": [prepare_row(record) for record in records],
                "empty": empty,
                "more": more and self.env._("and %s more", more),
                "total": total(amount) if total and records else False,
            }
        return values

    @api.model
    def _get_quotation_section(self, standings):
        today = self._get_today(standings.company_id)

        def prepare_row(order):
            until = order.validity_date
            ends = format_date(self.env, until) if until else "–"
            if until and until < today:
                ends = self.env._("%s, expired", ends)
            return [
                order.name,
                format_date(self.env, order.date_order),
                ends,
                format_amount(self.env, order.amount_total, order.currency_id),
            ]

        documents = self._read_documents(
            standings,
            "sale.order",
            "partner_id",
            [("state", "in", ("draft", "sent"))],
            SQL("document.date_order DESC"),
        )
        columns = [
            (self.env._("Number"), False),
            (self.env._("Date"), False),
            (self.env._("Valid until"), False),
            (self.env._("Total"), True),
        ]
        empty = self.env._("No open quotations.")
        if self._sees_own_alone():
            empty = self.env._("No open quotations of yours.")
        values = self._prepare_table(standings, documents, columns, prepare_row, empty)
        return self._section(
            "quotations",
            self.env._("Open Quotations"),
            "customer_tiering.account_sheet_table",
            values,
        )

    @api.model
    def _get_order_section(self, standings):
        orders = self.env["sale.order"]
        statuses = dict(orders._fields["invoice_status"]._description_selection(self.env))

        def prepare_row(order):
            return [
                order.name,
                format_date(self.env, order.date_order),
                statuses.get(order.invoice_status, "–"),
                format_amount(self.env, order.amount_total, order.currency_id),
            ]

        documents = self._read_documents(
            standings,
            "sale.order",
            "partner_id",
            [("state", "=", "sale")],
            SQL("document.date_order DESC"),
        )
        columns = [
            (self.env._("Number"), False),
            (self.env._("Date"), False),
            (self.env._("Invoices"), False),
            (self.env._("Total"), True),
        ]
        empty = self.env._("No orders yet.")
        if self._sees_own_alone():
            empty = self.env._("No orders of yours.")
        values = self._prepare_table(standings, documents, columns, prepare_row, empty)
        return self._section(
            "orders", self.env._("Last Orders"), "customer_tiering.account_sheet_table", values
        )

    @api.model
    def _get_invoice_section(self, standings):
        company = standings.company_id
        today = self._get_today(company)

        def prepare_row(move):
            days = (today - move.invoice_date_due).days
            return [
                move.name,
                format_date(self.env, move.invoice_date_due),
                self.env._("1 day") if days == 1 else self.env._("%s days", days),
                format_amount(self.env, move.amount_residual, move.currency_id),
            ]

        documents = self._read_documents(
            standings,
            "account.move",
            "commercial_partner_id",
            [
                ("move_type", "in", ("out_invoice", "out_receipt")),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_date_due", "<", str(today)),
            ],
            SQL("document.invoice_date_due"),
            SQL("document.amount_residual_signed"),
        )
        columns = [
            (self.env._("Number"), False),
            (self.env._("Due"), False),
            (self.env._("Late"), False),
            (self.env._("Open"), True),
        ]
        currency = company.sudo().currency_id
        empty = self.env._("Nothing is overdue.")
        if self._sees_own_alone():
            empty = self.env._("No overdue invoices of yours.")
        values = self._prepare_table(
            standings,
            documents,
            columns,
            prepare_row,
            empty,
            lambda amount: self.env._("Overdue: %s", format_amount(self.env, amount, currency)),
        )
        return self._section(
            "invoices",
            self.env._("Overdue Invoices"),
            "customer_tiering.account_sheet_table",
            values,
        )

    @api.model
    def _get_benefit_section(self, standings):
        values = {}
        for standing in standings:
            if standing.tier_id:
                gives = standing.tier_id._describe_benefits()
                values[standing.id] = self._list(
                    [(False, gift) for gift in gives], self.env._("No benefits are set.")
                )
        return self._section(
            "benefits",
            self.env._("What the Tier Gives"),
            "customer_tiering.account_sheet_list",
            values,
            "side",
        )

    @api.model
    def _get_need_section(self, standings):
        values = {}
        for standing in standings:
            needs = standing._describe_needs() if standing.tier_id else []
            if needs:
                values[standing.id] = self._list([(False, need) for need in needs])
        return self._section(
            "needs",
            self.env._("To Keep or Raise the Tier"),
            "customer_tiering.account_sheet_list",
            values,
            "side",
        )

    @api.model
    def _get_activity_section(self, standings):
        customers = standings.partner_id
        partners = self.env["res.partner"].with_context(active_test=False)
        contacts = partners.search_fetch(
            [("commercial_partner_id", "in", customers.ids)], ["commercial_partner_id"]
        )
        customer_of = {contact.id: contact.commercial_partner_id.id for contact in contacts}
        planned = {}
        for activity in self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", list(customer_of))],
            order="date_deadline, id",
        ):
            planned.setdefault(customer_of[activity.res_id], []).append(activity)
        today = self._get_today(standings.company_id)
        values = {}
        for standing in standings:
            activities = planned.get(standing.partner_id.id, [])
            items = []
            for activity in activities[:LISTED]:
                what = activity.summary or activity.activity_type_id.sudo().name or ""
                # The name of whoever is to do it is no secret of a user.
                who = activity.user_id.sudo().name or ""
                day = format_date(self.env, activity.date_deadline)
                if activity.date_deadline < today:
                    day = self.env._("%s, overdue", day)
                items.append((day, " · ".join(part for part in (what, who) if part)))
            values[standing.id] = self._list(
                items, self.env._("Nothing is planned."), len(activities) - len(items)
            )
        return self._section(
            "activities",
            self.env._("Planned Activities"),
            "customer_tiering.account_sheet_list",
            values,
            "side",
        )

    @api.model
    def _get_move_section(self, standings):
        since = self._get_today(standings.company_id) - relativedelta(years=1)
        changes = self.env["customer.standing.change"].search(
            [
                ("partner_id", "in", standings.partner_id.ids),
                ("company_id", "=", standings.company_id.id),
                ("date", ">", str(since)),
            ]
        )
        reasons = dict(changes._fields["reason"]._description_selection(self.env))
        by_customer = changes.grouped("partner_id")
        values = {}
        for standing in standings:
            moves = by_customer.get(standing.partner_id, changes.browse())
            items = [
                (
                    format_date(self.env, move.date),
                    self.env._(
                        "%(old)s → %(new)s · %(reason)s",
                        old=move.old_tier_id.name or "–",
                        new=move.new_tier_id.name or "–",
                        reason=reasons[move.reason],
                    ),
                )
                for move in moves[:LISTED_MOVES]
            ]
            values[standing.id] = self._list(
                items,
                self.env._("No moves."),
                len(moves) - len(items),
            )
        return self._section(
            "moves",
            self.env._("Tier Moves in Twelve Months"),
            "customer_tiering.account_sheet_list",
            values,
            "side",
        )
