from collections import defaultdict

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools.query import Query

from ..models.res_partner import TIERING_GROUP
from .common import TieringCase

FAMILY = "customer_tiering"
# Fields of this family that show neither a tier nor a score, and are for everybody.
OPEN_FIELDS = {
    ("product.pricelist", "only_for_tiers"),
    ("helpdesk.ticket", "first_response_date"),
    ("helpdesk.ticket", "has_tier_sla"),
    # What is taken off, as on the order's lines; not for which tier.
    ("sale.order", "tier_discount_note"),
}
# Roles that work beside the sales team and see no tiers.
ROLES = {
    "portal": "base.group_portal",
    "public": "base.group_public",
    "employee": "base.group_user,base.group_partner_manager,base.group_allow_export",
    "accountant": "account.group_account_manager,base.group_allow_export",
    "cashier": "point_of_sale.group_pos_user",
}
# What stands before a value in a path says nothing: these lead to all models from all models.
EVERYWHERE = {"create_uid", "write_uid", "activity_user_id", "message_partner_ids"}


class TestTierGate(TieringCase):
    """No tier and no score by any path of any model, for whoever may not see tiers.

    The fields are found by themselves: those of the group, and of any model those that lead
    into the models which only the group reads.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.acme = cls.make_customer("Acme")
        cls.order = cls.make_order(cls.acme, 90, "2026-06-01")
        cls.policy.evaluate("2026-06-30")
        cls.users = {
            role: new_test_user(
                cls.env,
                f"gate_{role}",
                groups,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for role, groups in ROLES.items()
            if cls.env.ref(groups.split(",")[0], raise_if_not_found=False)
        }
        cls.users["portal"].partner_id.parent_id = cls.acme
        cls.seller = cls.make_member("gate_seller", "sales_team.group_sale_salesman")
        cls.gated = defaultdict(list)
        for model in cls.env.values():
            for field in model._fields.values():
                if field.groups and TIERING_GROUP in field.groups:
                    cls.gated[model._name].append(field)

    def is_own(self, model):
        return (model._original_module or "").startswith(FAMILY)

    def models_of(self, user):
        """Yield the models with a table that a user may read, as that user."""
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(user)
            if not model._abstract and model.has_access("read"):
                yield model

    def paths_to(self, model, depth):
        """Yield paths of relations from a model to one with gated fields, and that model.

        Of relations that the ORM follows in the same way to the same model one will do.
        """
        if model._name in self.gated:
            yield (), model
        if depth == 1:
            return
        seen = set()
        for field in model._fields.values():
            if not field.relational or field.groups or field.comodel_name not in self.env:
                continue
            kind = (
                field.type,
                field.store,
                bool(field.related),
                bool(field.search) and not field.related,
                field.bypass_search_access,
                field.comodel_name,
            )
            if not (field.store or field.search) or kind in seen:
                continue
            seen.add(kind)
            if depth == 2 and field.comodel_name not in self.gated:
                continue
            if depth == 3 and field.name in EVERYWHERE:
                continue
            for path, target in self.paths_to(model.env[field.comodel_name], depth - 1):
                yield (field.name, *path), target

    def call(self, model, method, *args, **kwargs):
        return call_kw(model.browse(), method, list(args), kwargs)

    def assert_refused(self, label, call):
        """Assert that a call raises, or at least returns nothing at all."""
        try:
            with self.env.cr.savepoint(flush=False):
                result = call()
        except (AccessError, UserError, ValueError):
            return
        self.leaks.append(label)
        self.assertIsNotNone(result)

    def setUp(self):
        super().setUp()
        self.leaks = []

    def test_every_field_that_leads_to_a_tier_asks_for_the_group(self):
        tier_models = {
            name
            for name in self.env.registry
            if self.is_own(self.env[name])
            and not self.env[name]._abstract
            and not self.env[name].with_user(self.users["employee"]).has_access("read")
        }
        self.assertIn("customer.standing", tier_models)
        for model in self.env.values():
            if self.is_own(model) or model._abstract:
                continue
            for field in model._fields.values():
                leads = field.relational and field.comodel_name in tier_models
                ours = (field._module or "").startswith(FAMILY) and (
                    "tier" in field.name or "score" in field.name or "standing" in field.name
                )
                related = field.related and any(
                    part.startswith(("customer_tier", "customer_standing", "customer_score"))
                    for part in field.related.split(".")
                )
                if not (leads or ours or related):
                    continue
                # The settings' boxes install features and show nothing of a customer.
                is_box = model._name == "res.config.settings" and field.name.startswith("module_")
                if is_box or (model._name, field.name) in OPEN_FIELDS:
                    continue
                if leads and not self.is_tier_relation(field):
                    continue
                with self.subTest(field=str(field)):
                    self.assertIn(TIERING_GROUP, field.groups or "")

    def is_tier_relation(self, field):
        """Return whether a relation says something of a customer: aspects of surveys do not."""
        return field.comodel_name.startswith(("customer.tier", "customer.standing"))

    def test_no_field_is_read_sorted_grouped_or_searched_directly(self):
        self.assertGreater(sum(map(len, self.gated.values())), 25)
        for role, user in self.users.items():
            for name, fields in self.gated.items():
                model = self.env[name].with_user(user)
                if self.is_own(model) or not model.has_access("read"):
                    continue
                for field in fields:
                    self.try_directly(role, model, field)
        self.assertFalse(self.leaks)

    def try_directly(self, role, model, field):
        name, label = field.name, f"{role} {model._name}.{field.name}"

        def attempt(way, method, *args, **kwargs):
            self.assert_refused(f"{label} {way}", lambda: self.call(model, method, *args, **kwargs))

        group = f"{name}:month" if field.type in ("date", "datetime") else name
        domain = [(name, "!=", False)]
        attempt("search", "search_read", domain, ["id"])
        attempt("count", "search_count", [(name, "=", False)])
        attempt("sort", "search_read", [], ["id"], order=f"{name} desc")
        if field.type == "date":
            attempt("sort by part", "search_read", [], ["id"], order=f"{name}.month_number")
        attempt("group", "formatted_read_group", [], [group], ["__count"])
        attempt("web group", "web_read_group", [], [group])
        attempt("aggregate", "formatted_read_group", [], [], [f"{name}:count_distinct"])
        attempt("web search", "web_search_read", domain, {"id": {}})
        attempt("web sort", "web_search_read", [], {"id": {}}, order=name)
        records = model.search([], limit=1)
        for way, method, args in (
            ("read", "read", [[name]]),
            ("web read", "web_read", [{name: {}}]),
            ("export", "export_data", [[name]]),
        ):
            if records:
                self.assert_refused(
                    f"{label} {way}",
                    lambda method=method, args=args: call_kw(
                        records, method, [records.ids, *args], {}
                    ),
                )
        self.assertNotIn(name, self.call(model, "fields_get", [name]))
        if model.has_access("create") and not model._abstract and model._auto:
            self.assert_refused(
                f"{label} onchange",
                lambda: self.shown_by_onchange(model, name),
            )

    def shown_by_onchange(self, model, name):
        """Return what an onchange shows of a field; raise ValueError if that is nothing."""
        values = {"partner_id": self.acme.id} if "partner_id" in model._fields else {}
        result = self.call(
            model,
            "onchange",
            [],
            values,
            list(values),
            {name: {}, **{given: {} for given in values}},
        )
        shown = result.get("value", {}).get(name)
        if not shown:
            raise ValueError(name)
        return shown

    def test_no_path_of_relations_leads_to_a_tier(self):
        tried = 0
        done = set()
        for role, user in self.users.items():
            for model in self.models_of(user):
                # Employees differ by the models that they read: what one tried is tried.
                once = (user._is_internal(), model._name)
                if model._transient or self.is_own(model) or once in done:
                    continue
                done.add(once)
                for path, target in self.paths_to(model, 3):
                    if not path or self.is_own(target):
                        continue
                    tried += 1
                    fields = self.gated[target._name]
                    self.try_path(role, model, path, fields[tried % len(fields)])
        self.assertGreater(tried, 500)
        self.assertFalse(self.leaks)

    def try_path(self, role, model, path, field):
        dotted = ".".join((*path, field.name))
        label = f"{role} {model._name}.{dotted}"
        # The statement is made and never run: whether it may be made is the question.
        self.assert_refused(f"{label} search", lambda: model._search([(dotted, "!=", False)]))
        if len(path) == 1:
            nested = [(path[0], "any", [(field.name, "!=", False)])]
            self.assert_refused(f"{label} any", lambda: model._search(nested))
        if all(model._fields[name].type == "many2one" for name in path[:1]):
            spec = f"{dotted}:month" if field.type in ("date", "datetime") else dotted
            query = Query(self.env, model._table, model._table_sql)
            self.assert_refused(
                f"{label} group", lambda: model._read_group_groupby(model._table, spec, query)
            )

    def test_the_named_leaks(self):
        accountant, portal = self.users["accountant"], self.users["portal"]
        orders = self.env["sale.order"]
        lines = self.env["sale.order.line"]
        for user in (accountant, portal):
            for call in (
                lambda user=user: orders.with_user(user).formatted_read_group(
                    [], ["customer_tier_id"], ["__count"]
                ),
                lambda user=user: orders.with_user(user).search([], order="customer_tier_id"),
                lambda user=user: orders.with_user(user).formatted_read_group(
                    [], [], ["customer_tier_id:max"]
                ),
                lambda user=user: lines.with_user(user).formatted_read_group(
                    [], ["order_id.customer_tier_id"], ["__count"]
                ),
                lambda user=user: orders.with_user(user).search(
                    [("message_partner_ids.customer_score", ">", 50)]
                ),
                lambda user=user: orders.with_user(user).search(
                    [("message_partner_ids", "any", [("customer_score", ">", 50)])]
                ),
            ):
                with self.assertRaises(AccessError):
                    call()
        mine = orders.with_user(accountant).search([("id", "=", self.order.id)])
        for call in (
            lambda: mine.web_read({"partner_id": {"fields": {"customer_score": {}}}}),
            lambda: mine.export_data(["partner_id/customer_tier_id/name"]),
            lambda: mine.mapped("partner_id.customer_score"),
            lambda: mine.filtered_domain([("partner_id.customer_score", ">", 50)]),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_a_salesperson_sees_it_by_the_same_ways(self):
        orders = self.env["sale.order"].with_user(self.seller)
        self.acme.message_subscribe(self.acme.ids)
        self.order.message_subscribe(self.acme.ids)
        mine = [("id", "=", self.order.id)]
        self.order.user_id = self.seller
        self.assertEqual(orders.search(mine).customer_tier_id, self.order.sudo().customer_tier_id)
        self.assertEqual(
            orders.search([*mine, ("message_partner_ids.customer_score", ">", 50)]), self.order
        )
        self.assertTrue(orders.search([*mine, ("partner_id.customer_tier_id", "=", self.vip.id)]))
        self.assertTrue(orders.search(mine, order="customer_tier_id"))
        [group] = orders.formatted_read_group(mine, ["partner_id.customer_tier_id"], ["__count"])
        self.assertEqual(group["partner_id.customer_tier_id"][0], self.vip.id)
        [group] = (
            self.env["sale.order.line"]
            .with_user(self.seller)
            .formatted_read_group(
                [("order_id", "=", self.order.id)], ["order_id.customer_tier_id"], ["__count"]
            )
        )
        self.assertEqual(group["__count"], 1)
        [shown] = orders.web_search_read(mine, {"customer_tier_id": {}})["records"]
        self.assertIn("customer_tier_id", shown)
