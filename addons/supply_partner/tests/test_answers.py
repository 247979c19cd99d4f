from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form

from .common import VmiCase


class TestAnswers(VmiCase):
    """Whoever presses a button is told what came of it, and sees it at once."""

    def test_approving_names_the_order_and_the_lines_follow(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        self.put(self.screws, 10)
        proposal = agreement.review()
        self.assertEqual(agreement.line_ids.stock_status, "below")
        answer = proposal.action_approve()
        order = proposal.purchase_order_ids
        self.assertEqual(answer["params"]["message"], f"{order.name} created · %s")
        [link] = answer["params"]["links"]
        self.assertEqual(link["label"], "Open")
        self.assertEqual(link["url"], f"/odoo/purchase.order/{order.id}")
        self.assertEqual(answer["params"]["next"]["tag"], "soft_reload")
        line = agreement.line_ids
        self.assertEqual(
            (line.stock_status, line.rfq_qty, line.pending_qty, line.position_qty),
            ("on_track", 110, 0, 120),
        )

    def test_what_orders_itself_shows_too(self):
        agreement = self.make_agreement((self.screws, 60, 120), decision="automatic")
        self.put(self.screws, 10)
        agreement.review()
        self.assertEqual(
            (agreement.line_ids.stock_status, agreement.line_ids.position_qty), ("on_track", 120)
        )

    def test_refusing_answers_and_gives_the_position_back(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        proposal = agreement.review()
        agreement.line_ids._measure()
        self.assertEqual(agreement.line_ids.position_qty, 120)
        wizard = self.env["vmi.proposal.refusal"].with_context(
            active_model="vmi.proposal", active_ids=proposal.ids
        )
        answer = wizard.create({"reason": "Sold off"}).action_refuse()
        self.assertEqual(answer["params"]["message"], f"{proposal.name} refused")
        self.assertEqual(agreement.line_ids.position_qty, 0)


class TestNewAgreement(VmiCase):
    """The form of an agreement: numbers, and fields that go with the method."""

    def test_a_number_is_drawn_by_saving_only(self):
        first = self.make_agreement((self.screws, 1, 2), start=False)
        with Form(self.env["vmi.agreement"]) as form:
            self.assertEqual(form.name, "New")
            form.partner_id = self.vendor
        second = self.env["vmi.agreement"].search([], order="id desc", limit=1)
        self.env["vmi.agreement"].default_get(["name"])
        third = first.copy()
        numbers = [int(agreement.name[2:]) for agreement in (first, second, third)]
        self.assertEqual(numbers, [*range(numbers[0], numbers[0] + 3)])
        proposals = self.env["vmi.proposal"]
        self.assertEqual(proposals.default_get(["name"]), {"name": "New"})

    def test_a_line_has_the_fields_of_its_method(self):
        with Form(self.env["vmi.agreement"]) as form:
            form.partner_id = self.vendor
            with form.line_ids.new() as line:
                line.product_id = self.screws
                line.method = "days_of_supply"
                line.min_days, line.max_days, line.min_floor = 10, 30, 5
        agreement = self.env["vmi.agreement"].search([], order="id desc", limit=1)
        self.assertEqual((agreement.line_ids.min_days, agreement.line_ids.max_days), (10, 30))
        arch = etree.fromstring(self.env["vmi.agreement"].get_view(view_type="form")["arch"])
        for name in ("min_days", "max_days", "min_floor", "service_target", "cover_days"):
            [field] = arch.xpath(f"//field[@name='line_ids']/list/field[@name='{name}']")
            # The widget of the one column of levels shows those of the method.
            self.assertIn(field.get("column_invisible"), ("1", "True"))
        [levels] = arch.xpath("//field[@name='line_ids']/list/field[@name='levels_text']")
        self.assertEqual(levels.get("widget"), "vmi_levels")
        self.assertEqual(agreement.line_ids.levels_text, "10–30 days, at least 5")

    def test_nothing_starts_that_keeps_nothing(self):
        later = {"season_start": "2026-01-01", "season_end": "2026-12-31"}
        for vals, words in (
            ({}, "Minimum and Maximum are 0"),
            ({"method": "days_of_supply", "min_floor": 5}, "Maximum Days are 0"),
            ({"max_qty": 5, **later}, "Season's Minimum and Maximum are 0"),
        ):
            line = {"product_id": self.screws.id, **vals}
            agreement = self.make_agreement(line, start=False)
            with self.assertRaisesRegex(UserError, words):
                agreement.action_start()
        agreement = self.make_agreement((self.screws, 0, 5))
        with self.assertRaisesRegex(UserError, "Minimum and Maximum are 0"):
            agreement.line_ids.max_qty = 0
        with self.assertRaisesRegex(UserError, "Minimum and Maximum are 0"):
            agreement.line_ids = [
                Command.create({"product_id": self.make_product("Nuts", self.vendor).id})
            ]
