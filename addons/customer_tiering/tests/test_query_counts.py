from lxml import etree

from .common import TieringCase

# Screens of other add-ons that show the tier: model, view, and which records.
EXTENDED = (
    ("res.partner", "customer_tiering.res_partner_view_list_by_tier", "id"),
    ("res.partner", "base.res_partner_kanban_view", "id"),
    ("res.partner", "base.view_partner_form", "id"),
    ("sale.order", "sale.sale_order_tree", "partner_id"),
    ("sale.order", "sale.view_order_form", "partner_id"),
)
FEW, MANY = 3, 15


def fields_below(node):
    """Yield the nodes of fields below a node of a view, without those inside of other fields."""
    for child in node:
        if child.tag == "field":
            yield child
        else:
            yield from fields_below(child)


class TestQueryCounts(TieringCase):
    """Each screen asks the database as often for many customers as it does for few.

    The screens are found by themselves: every list, kanban and form of a model of this add-on.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(cap=1000)
        cls.customers = cls.env["res.partner"]
        cls.manager = cls.make_member(
            "waiting_manager",
            "sales_team.group_sale_manager",
            "customer_tiering.group_tiering_manager",
        )

    def make_customers(self, count, day):
        """Make customers with all that a screen shows of them, and recalculate the tiers."""
        for _new in range(count):
            place = len(self.customers)
            salesperson = self.make_member(f"waiting_{place}", "sales_team.group_sale_salesman")
            customer = self.make_customer(f"Customer {place}", user_id=salesperson.id)
            self.make_order(customer, 30 + 10 * place, day)
            self.make_order(customer, 10, day, confirm=False)
            self.customers |= customer
            self.env["customer.service.level"].create(
                {"name": f"Level {place}", "company_id": self.company.id}
            )
        self.policy.evaluate(day)
        for customer in self.customers[-count:]:
            self.env["customer.tier.override"].create(
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "tier_id": self.vip.id,
                    "reason": "Framework contract",
                }
            )
        for _preview in range(count // FEW):
            self.policy.copy().simulate(day)
        self.env.flush_all()

    def find_screens(self):
        """Return (view, domain) of this add-on's screens, and of those that it extends."""
        data = self.env["ir.model.data"].search(
            [("module", "=", "customer_tiering"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        screens = [
            (view, [("company_id", "=", self.company.id)])
            for view in views
            if view.type in ("list", "kanban", "form")
            and view.model.startswith("customer.")
            and not self.env[view.model]._transient
            and "company_id" in self.env[view.model]
        ]
        return screens + [
            (self.env.ref(view), [(field, "in", self.customers.ids)])
            for _model, view, field in EXTENDED
        ]

    def specification(self, node, model):
        """Return what the web client asks for, of the fields below a node of a view."""
        specification = {}
        for field_node in fields_below(node):
            field = model._fields[field_node.get("name")]
            part = specification.setdefault(field.name, {})
            if field.type == "many2one":
                part["fields"] = {"display_name": {}}
            elif field.relational:
                comodel = model.env[field.comodel_name]
                part["fields"] = self.specification(field_node, comodel) or {"display_name": {}}
        return specification

    def count(self, view, domain):
        """Return how many queries the screen needs, and how many records it shows."""
        model = self.env[view.model].with_user(self.manager)
        arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
        specification = self.specification(arch, model)
        if view.type == "form":
            first = model.search(domain, order="id", limit=1)

            def read():
                return first.web_read(specification)

        else:

            def read():
                return model.web_search_read(domain, specification, limit=80)["records"]

        # The first time fills caches that all users share.
        read()
        model.env.invalidate_all()
        before = self.env.cr.sql_log_count
        shown = read()
        return self.env.cr.sql_log_count - before, len(shown)

    def test_many_customers_need_no_more_queries_than_few(self):
        self.make_customers(FEW, "2026-06-01")
        few = {view: self.count(view, domain) for view, domain in self.find_screens()}
        self.make_customers(MANY - FEW, "2026-06-02")
        many = {view: self.count(view, domain) for view, domain in self.find_screens()}
        self.assertGreater(len(few), 15)
        for view, (queries, _shown) in many.items():
            with self.subTest(model=view.model, view=view.xml_id, type=view.type):
                self.assertLessEqual(queries, few[view][0])
        grown = {view.model for view, (_queries, shown) in many.items() if shown > few[view][1]}
        self.assertLessEqual(
            {
                "customer.standing",
                "customer.standing.change",
                "customer.tier",
                "customer.tier.evaluation",
                "customer.tier.override",
                "customer.tier.preview.move",
                "customer.service.level",
                "res.partner",
                "sale.order",
            },
            grown,
        )
