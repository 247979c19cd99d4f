from dateutil.relativedelta import relativedelta

from odoo.addons.overview_page.tests.common import OverviewCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import new_test_user

from ..models.customer_standing_matrix import MAX_LINES, NOT_SET, OTHERS
from .common import TieringCase

MATRIX = "customer.standing.matrix"


class TestSegmentationMatrix(TieringCase, OverviewCase):
    """Two segmentations crossed: each figure is that of the list which it opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(cap=1000)
        cls.today = cls.policy._get_today()
        cls.seller = cls.make_member("matrix_seller", "sales_team.group_sale_salesman")
        cls.colleague = cls.make_member("matrix_colleague", "sales_team.group_sale_salesman")
        cls.manager = cls.make_member("matrix_manager", "sales_team.group_sale_manager")
        belgium = cls.env.ref("base.be")
        cls.bakery = cls.make_customer(
            "Harbour Bakery", user_id=cls.seller.id, country_id=belgium.id
        )
        cls.shop = cls.make_customer("Corner Shop", user_id=cls.colleague.id)
        cls.kiosk = cls.make_customer("Kiosk")
        cls.make_order(cls.bakery, 900, str(cls.today - relativedelta(days=5)))
        cls.make_order(cls.shop, 50, str(cls.today - relativedelta(days=40)))
        # What was bought long ago is of no tier's revenue, and what is owed to it below zero.
        cls.make_order(cls.kiosk, -20, str(cls.today - relativedelta(days=3)))
        cls.policy.evaluate()

    def matrix(self, rows=None, columns=None, scope=None, user=None, company=None):
        page = self.env[MATRIX].with_user(user or self.manager)
        if company:
            page = page.with_context(allowed_company_ids=company.ids)
        return page.get_matrix(rows, columns, scope)

    def check_matrix(self, matrix, user, company=None):
        """Open every figure as the page does, and compare it with its list."""
        standings = self.env["customer.standing"].with_user(user)
        if company:
            standings = standings.with_context(allowed_company_ids=company.ids)
        opened = Domain(matrix["action"]["domain"])
        nothing = {"domain": []}
        rows = {line["key"]: line for line in matrix["row_lines"]}
        columns = {line["key"]: line for line in matrix["column_lines"]}
        places = [
            (figures, rows[row], columns[column])
            for row, cells in matrix["cells"].items()
            for column, figures in cells.items()
        ]
        places += [(matrix["row_totals"][key], line, nothing) for key, line in rows.items()]
        places += [(matrix["column_totals"][key], nothing, line) for key, line in columns.items()]
        places += [(matrix["total"], nothing, nothing)]
        for figures, row, column in places:
            domain = opened & Domain(row["domain"]) & Domain(column["domain"])
            [(count, revenue)] = standings._read_group(domain, [], ["__count", "revenue:sum"])
            [(earned,)] = standings._read_group(
                domain & Domain("revenue", ">", 0), [], ["revenue:sum"]
            )
            with self.subTest(row=row.get("label"), column=column.get("label")):
                self.assertEqual(figures["customers"], count)
                self.assertAlmostEqual(figures["revenue"], revenue, 2)
                self.assertAlmostEqual(figures["earned"], earned, 2)

    def test_every_figure_of_every_pair_is_that_of_its_list(self):
        offered = [lens["name"] for lens in self.matrix()["lenses"]]
        for place, rows in enumerate(offered):
            for columns in offered[place + 1 :]:
                with self.subTest(rows=rows, columns=columns):
                    matrix = self.matrix(rows, columns)
                    self.assertEqual((matrix["rows"], matrix["columns"]), (rows, columns))
                    self.assertEqual(matrix["total"]["customers"], 3)
                    self.check_matrix(matrix, self.manager)

    def test_lenses_without_data_are_not_offered(self):
        offered = {lens["name"]: lens["label"] for lens in self.matrix()["lenses"]}
        self.assertEqual(offered["tier_id"], "Tier")
        self.assertIn("lifecycle", offered)
        self.assertIn("country_id", offered)
        # Nobody has a size, and without a criterion of potential there is no portfolio.
        self.assertFalse({"customer_size", "portfolio"} & offered.keys())
        matrix = self.matrix("portfolio", "customer_size")
        self.assertEqual((matrix["rows"], matrix["columns"]), ("tier_id", "lifecycle"))

    def test_customers_without_a_value_have_a_line_of_their_own(self):
        matrix = self.matrix("tier_id", "user_id")
        labels = [line["label"] for line in matrix["column_lines"]]
        self.assertEqual(labels, [self.colleague.name, self.seller.name, "No salesperson"])
        self.assertEqual(matrix["column_totals"][NOT_SET]["revenue"], -20)
        # What is below zero takes nothing off the others' shares.
        self.assertEqual(matrix["total"]["earned"], 950)

    def test_tiers_are_best_first_with_their_colors(self):
        lines = self.matrix("tier_id", "user_id")["row_lines"]
        self.assertEqual([line["label"] for line in lines], ["VIP", "Potential"])
        self.assertEqual(lines[0]["icon"], self.vip.icon)
        self.assertEqual(lines[0]["color"], self.vip.color)

    def test_small_lines_beyond_the_limit_are_put_together(self):
        countries = self.env["res.country"].search([], limit=MAX_LINES + 4)
        standing = self.standing(self.shop)
        for country in countries:
            customer = self.make_customer(country.name, country_id=country.id)
            standing.sudo().copy({"partner_id": customer.id})
        matrix = self.matrix("country_id", "tier_id")
        self.assertEqual(len(matrix["row_lines"]), MAX_LINES + 1, "with the one for no country")
        self.assertIn("others", matrix["row_lines"][-2]["label"])
        self.assertGreaterEqual(matrix["row_totals"][OTHERS]["customers"], 5)
        self.check_matrix(matrix, self.manager)

    def test_salespeople_see_their_own_customers(self):
        matrix = self.matrix(user=self.seller)
        self.assertEqual((matrix["scope"], matrix["scopes"]), ("mine", []))
        self.assertEqual(matrix["total"]["customers"], 1)
        self.check_matrix(matrix, self.seller)
        # Who asks for more gets the own ones all the same.
        self.assertEqual(self.matrix(scope="company", user=self.seller)["scope"], "mine")
        mine = self.matrix(scope="mine", user=self.manager)
        self.assertEqual(mine["total"]["customers"], 0)
        self.assertEqual(mine["empty"]["title"], "No customers in a tier here")

    def test_a_user_who_sells_nothing_sees_the_company(self):
        reader = self.make_member("matrix_reader", "customer_tiering.group_tiering_user")
        matrix = self.matrix(user=reader)
        self.assertEqual((matrix["scope"], matrix["total"]["customers"]), ("company", 3))

    def test_each_company_has_a_matrix_of_its_own(self):
        south = self.make_company("Southwind")
        self.manager.company_ids |= south
        self.make_order(self.bakery, 10, str(self.today), company=south)
        self.assertEqual(
            self.matrix(company=south)["empty"]["title"], "No customer scores yet", "before a run"
        )
        self.policy_of(south).evaluate()
        for company, customers in ((south, 1), (self.company, 3), (self.company | south, 3)):
            matrix = self.matrix(company=company)
            self.assertEqual(matrix["total"]["customers"], customers)
            self.assertEqual(matrix["currency_id"], company[0].currency_id.id)
            self.check_matrix(matrix, self.manager, company)

    def test_nobody_without_the_role_sees_it(self):
        for login, group in (("clerk", "base.group_user"), ("guest", "base.group_portal")):
            user = new_test_user(self.env, f"matrix_{login}", groups=group)
            with self.subTest(login), self.assertRaises(AccessError):
                self.env[MATRIX].with_user(user).get_matrix()

    def test_names_that_no_page_sends_are_refused(self):
        for names in (
            ("score", None),
            (None, "partner_id.name"),
            ("tier_id:array_agg", None),
            ("tier_id) FROM res_users --", None),
            (["tier_id"], None),
            ({"tier_id": 1}, "abc_class"),
            (1, None),
        ):
            with self.subTest(names), self.assertRaisesRegex(UserError, "no segmentation named"):
                self.matrix(*names)
        with self.assertRaisesRegex(UserError, "two different"):
            self.matrix("tier_id", "tier_id")
        self.assertEqual(self.matrix(scope=["company"])["scope"], "company")

    def test_a_field_that_the_user_may_not_see_is_no_segmentation(self):
        abc_class = self.env["customer.standing"]._fields["abc_class"]
        self.patch(abc_class, "groups", "base.group_system")
        self.assertNotIn("abc_class", [lens["name"] for lens in self.matrix()["lenses"]])
        with self.assertRaisesRegex(UserError, "no segmentation named"):
            self.matrix("abc_class")

    def test_a_code_that_an_add_on_left_behind_is_shown_as_it_is(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_standing SET lifecycle = 'dormant' WHERE id = %s",
            [self.standing(self.shop).id],
        )
        lines = self.matrix("lifecycle", "tier_id")["row_lines"]
        self.assertEqual(lines[-1]["label"], "dormant")

    def test_customers_that_are_no_longer_tiered_are_not_counted(self):
        self.standing(self.shop).sudo().tier_id = False
        matrix = self.matrix()
        self.assertEqual(matrix["total"]["customers"], 2)
        self.check_matrix(matrix, self.manager)

    def test_an_empty_database_says_what_will_be_here(self):
        fresh = self.make_company("Fresh")
        (self.manager | self.seller).company_ids |= fresh
        for user, button in (
            (self.manager, "Calculate Tiers"),
            (self.seller, "Open the Overview"),
        ):
            matrix = self.matrix(user=user, company=fresh)
            self.assertEqual(matrix["lenses"], [])
            self.assertEqual(matrix["empty"]["button"], button)
            self.assertTrue(matrix["empty"]["action"])
        self.assertFalse(self.matrix()["empty"])

    def test_the_pivot_and_the_list_work_on_the_same_customers(self):
        matrix = self.matrix("abc_class", "user_id")
        pivot = matrix["pivot"]
        self.assertEqual(pivot["context"]["pivot_row_groupby"], ["abc_class"])
        self.assertEqual(self.count_opened(self.env, pivot), 3)
        self.assertEqual(self.count_opened(self.env, matrix["action"]), 3)
        listed = self.env["customer.standing"].with_user(self.manager)
        arch = listed.get_views([(False, "list")])["views"]["list"]["arch"]
        self.assertIn('name="action_schedule"', arch)
        chosen = listed.search(matrix["action"]["domain"]).action_schedule()
        self.assertEqual(
            set(chosen["context"]["active_ids"]), set((self.bakery | self.shop | self.kiosk).ids)
        )

    def test_it_is_read_by_few_queries_however_many_customers_there_are(self):
        def count():
            # New users empty what is remembered of all.
            self.matrix("tier_id", "user_id")
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.matrix("tier_id", "user_id")
            return self.cr.sql_log_count - before

        few = count()
        standing = self.standing(self.shop)
        for number in range(60):
            salesperson = self.make_member(f"matrix_{number}", "sales_team.group_sale_salesman")
            customer = self.make_customer(f"Customer {number}", user_id=salesperson.id)
            standing.sudo().copy({"partner_id": customer.id})
        self.assertLessEqual(count(), few)
        self.assertLessEqual(few, 16)
