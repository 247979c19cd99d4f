import re

from odoo.exceptions import MissingError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase

from .common import HEAD, PriceCase, encoded


class TestPriceService(PriceCase):
    """What a vendor's user can do by a call, and what of others is never told."""

    def test_guessed_codes_of_ours_tell_nothing(self):
        head = "Your Code,Barcode,Price\n"
        described = []
        for line in ("OURBOLT,,5\n", "NOTHING,,5\n", ",4006381333931,5\n", ",4006381333955,5\n"):
            found = self.upload(self.anna, line, head)
            answer = self.served(self.anna).get_price_list(found.id)
            [row] = answer["lines"]
            described.append(
                [row[key] for key in ("product", "unit", "current", "change", "state", "problem")]
                + [answer[key] for key in ("error", "waiting", "ready", "same")]
            )
            self.assertNotIn("Hexagon", repr(row))
        self.assertEqual(described, described[:1] * 4)
        # The same product by two codes is no news either.
        found = self.upload(self.anna, "OURBOLT,,5\n,4006381333931,6\n", head)
        rows = self.served(self.anna).get_price_list(found.id)["lines"]
        self.assertEqual([row["problem"] for row in rows], ["", ""])
        self.served(self.anna).send_price_list(found.id)
        rows = self.served(self.anna).get_price_list(found.id)["lines"]
        self.assertEqual([row["state"] for row in rows], ["waiting", "waiting"])

    def test_a_vendors_columns_for_the_buyers_costs_are_not_taken(self):
        found = self.upload(
            self.anna, "SC-1,2.05,0,99,Bolt Works\n", "Vendor Code,Price,Duty,Freight,Vendor\n"
        )
        row = found.row_ids
        self.assertEqual((row.partner_id, row.freight_cost, row.has_costs), (self.vendor, 0, False))
        self.assertIn("Duty, Freight, Vendor", found.note)

    def test_sent_taken_and_waiting(self):
        found = self.upload(self.anna, "SC-1,2.05\nNEW-1,7\nSC-1,x\n")
        service = self.served(self.anna)
        before = service.get_price_list(found.id)
        self.assertEqual([row["state"] for row in before["lines"]], ["ready", "waiting", "error"])
        self.assertEqual(before["lines"][0]["current"], 2)
        self.assertIn("Price: “x” is not a number", before["lines"][2]["problem"])
        self.assertEqual(service.send_price_list(found.id), {"state": "waiting"})
        self.assertEqual(self.screws.sudo()._select_seller(quantity=1).price, 2.05)
        with self.assertRaises(UserError):
            service.withdraw_price_list(found.id)
        self.assertEqual(found.user_id, self.anna)
        row = found.row_ids[1].with_env(self.env)
        row.product_id = self.make_product("Longer Screws")
        self.assertEqual(row.state, "waiting")

    def test_an_agent_says_whose_prices_they_are(self):
        service = self.served(self.agent)
        with self.assertRaisesRegex(UserError, "Choose the vendor"):
            service.upload_price_list("a.csv", encoded(f"{HEAD}SC-1,2\n"))
        vendors = {one["vendor"]: one["vendor_id"] for one in service.get_price_vendors()}
        answer = service.upload_price_list(
            "a.csv", encoded(f"{HEAD}HEX-77,2\n"), vendors["Bolt Works"]
        )
        self.assertEqual(answer["vendor"], "Bolt Works")
        with self.assertRaises(MissingError):
            self.served(self.anna).get_price_list(answer["price_list_id"])

    def test_a_user_for_some_agreements(self):
        """Anna sees the agreement about screws, a colleague one about nails, and no more."""
        nails = self.make_product("Nails", self.vendor, price=4.0)
        nails.sudo().seller_ids.write({"product_code": "NA-1", "company_id": self.company.id})
        about_nails = self.make_agreement((nails, 10, 20))
        colleague = self.make_portal_user("colleague", self.vendor)
        self.give_access(colleague, self.vendor, agreement_ids=[Command.set(about_nails.ids)])
        service = self.served(colleague)
        # Neither what others of the vendor uploaded, nor their prices.
        self.assertEqual(service.get_price_lists()["total"], 0)
        with self.assertRaises(MissingError):
            service.get_price_list(self.own_prices.id)
        own = service._open("quote")._get_own_prices()
        self.assertEqual([price["vendor_code"] for price in own], ["NA-1"])
        # What is the same as now, and what is within the limit.
        for price in ("2", "2.01"):
            found = self.upload(colleague, f"NA-1,4.05\nSC-1,{price}\n")
            nail, screw = service.get_price_list(found.id)["lines"]
            self.assertEqual(
                (nail["product"], nail["current"], nail["state"]), ("Nails", 4, "ready")
            )
            self.assertEqual((screw["product"], screw["unit"], screw["state"]), ("", "", "waiting"))
            self.assertEqual((screw["current"], screw["change"]), (None, None))
        service.send_price_list(found.id)
        self.assertEqual(nails.sudo()._select_seller(quantity=1).price, 4.05)
        self.assertEqual(self.screws.sudo()._select_seller(quantity=1).price, 2)
        self.assertIn("Not of the sender's agreements", found.row_ids[-1].concern_text)
        # Whoever sees all agreements sees the colleague's list whole.
        of_anna = self.served(self.anna).get_price_list(found.id)["lines"]
        self.assertEqual([row["current"] for row in of_anna][1:], [2])

    def test_what_is_no_file(self):
        service = self.served(self.anna)
        for data in ("%%%", None, 5, encoded(""), encoded("a,b\n1,2\n"), encoded("\x00\x01")):
            with self.assertRaises(UserError):
                service.upload_price_list("x.csv", data)
        with self.assertRaises(UserError):
            service.upload_price_list("x.csv", encoded(f"{HEAD}A,1\n"), encoding="utf-7")
        with self.assertRaises(UserError):
            service.upload_price_list("x.csv", encoded(f"{HEAD}A,1\n"), date_from="9999-99-99")

    def test_a_portal_user_has_no_rights_on_the_models(self):
        models = [name for name in self.env.registry if name.startswith("vendor.")]
        self.assertGreater(len(models), 5)
        for name in models:
            for operation in ("read", "write", "create", "unlink"):
                model = self.env[name].with_user(self.anna)
                self.assertFalse(model.has_access(operation), (name, operation))


class TestPricePages(PriceCase, HttpCase):
    """The pages: whose they are, and a list from the file to the buyer."""

    def token(self):
        page = self.url_open("/my").text
        return re.search(r'csrf_token: "(\w+)"', page)[1]

    def test_a_list_from_the_file_to_the_buyer(self):
        self.authenticate("anna", "anna")
        token = self.token()
        answer = self.url_open(
            "/my/supply/prices",
            data={"csrf_token": token, "encoding": ""},
            files={"file": ("preise.csv", "供应商编码,单价\nSC-1,2.05\n=1+1,x\n".encode("gbk"))},
        )
        self.assertIn("1 row is to correct", answer.text)
        self.assertIn("is not a number", answer.text)
        url = answer.url
        errors = self.url_open(f"{url}/errors/csv").content.decode("utf-8-sig")
        # What a spreadsheet would run stays a text.
        self.assertIn("'=1+1,x,", errors)
        sent = self.url_open(f"{url}/send", data={"csrf_token": token})
        self.assertIn("Thank you", sent.text)
        self.env.invalidate_all()
        self.assertEqual(self.screws.sudo()._select_seller(quantity=1).price, 2.05)

    def test_a_file_that_cannot_be_read_is_told_on_the_page(self):
        self.authenticate("anna", "anna")
        answer = self.url_open(
            "/my/supply/prices",
            data={"csrf_token": self.token(), "date_from": "2027-01-01"},
            files={"file": ("x.csv", "a,b\n1,2\n")},
        )
        self.assertIn("name no columns that are known", answer.text)
        self.assertIn("2027-01-01", answer.text)
