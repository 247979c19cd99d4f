import base64
import inspect
import re

from odoo.addons.supply_partner_vendor.tests.common import (
    OTHERS_NAMES,
    OTHERS_PRICE,
    VendorCase,
)
from odoo.addons.supply_partner_vendor.tests.test_isolation import GUESSED, MISSING
from odoo.exceptions import MissingError, UserError
from odoo.tests import HttpCase

from ..controllers.portal import PricePortal
from ..models.vmi_vendor import VmiVendor

HEAD = "Vendor Code,Price\n"
IDS = ("price_list_id", "vendor_id")


def public_methods():
    """Return what the service lets in for price lists, by name."""
    return {
        name: method
        for name, method in vars(VmiVendor).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }


def routes():
    """Return the routes of the pages: path, methods, and the names of their ids."""
    found = []
    for method in vars(PricePortal).values():
        routing = getattr(method, "original_routing", None)
        if routing:
            for path in routing["routes"]:
                found.append((path, routing["methods"], re.findall(r"<\w+:(\w+)>", path)))
    return found


def encoded(text):
    return base64.b64encode(text.encode()).decode()


class PriceCase(VendorCase):
    """Acme and Bolt Works have uploaded a list each; a buyer imported one of either."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for product, code in ((cls.screws, "SC-1"), (cls.bolts, "HEX-77")):
            product.sudo().seller_ids.write({"product_code": code, "company_id": cls.company.id})
        cls.bolts.sudo().write({"barcode": "4006381333931", "default_code": "OURBOLT"})
        cls.own, cls.foreign = (
            cls.upload(user, f"{code},{price}\n")
            for user, code, price in ((cls.anna, "SC-1", 2.05), (cls.bert, "HEX-77", 990))
        )
        cls.imported = (
            cls.env["vendor.catalogue"]
            .sudo()
            ._receive(
                {
                    "source": "third_party",
                    "partner_id": cls.vendor.id,
                    "company_id": cls.company.id,
                    "currency_id": cls.company.currency_id.id,
                    "user_id": cls.buyer.id,
                },
                f"{HEAD}SC-1,1.11\n".encode(),
            )
        )
        cls.env.flush_all()

    @classmethod
    def upload(cls, user, lines, head=HEAD):
        service = cls.served(user)
        described = service.upload_price_list("prices.csv", encoded(head + lines))
        return cls.env["vendor.catalogue"].sudo().browse(described["price_list_id"])

    def ids(self, found):
        user = self.anna if found == self.own else self.bert
        rows = self.env["vmi.vendor.access"].sudo().search([("user_id", "=", user.id)])
        return {"price_list_id": found.id, "vendor_id": rows.id}

    def assert_nothing_of_others(self, text):
        for secret in (*OTHERS_NAMES, str(OTHERS_PRICE), "HEX-77", "990", self.foreign.name,
                       self.imported.name, "1.11"):  # fmt: skip
            self.assertNotIn(secret, text)

    def assert_unchanged(self):
        self.env.invalidate_all()
        self.assertEqual(self.foreign.exists().state, "draft")


class TestPriceService(PriceCase):
    """What a vendor's user can do by a call, and what of others is never told."""

    def call(self, user, name, **ids):
        method = public_methods()[name]
        wanted = inspect.signature(method).parameters
        given = {"name": "x.csv", "data": encoded(f"{HEAD}SC-1,2.10\n")}
        given = {key: value for key, value in {**given, **ids}.items() if key in wanted}
        try:
            with self.env.cr.savepoint():
                return getattr(self.served(user), name)(**given)
        except Exception as error:
            return type(error).__name__, str(error)

    def test_who_has_no_access_gets_one_answer(self):
        expected = ("MissingError", "There is nothing here for you.")
        self.assertGreater(len(public_methods()), 5)
        self.assertGreater(len(routes()), 6)
        without = self.make_portal_user("without prices", self.vendor)
        self.give_access(without, self.vendor, can_quote=False)
        for user in (self.guest, self.former, self.buyer, without):
            for name in public_methods():
                for ids in (self.ids(self.own), self.ids(self.foreign)):
                    self.assertEqual(self.call(user, name, **ids), expected, (user.login, name))
        self.assert_unchanged()

    def test_what_is_anothers_is_as_if_it_were_not(self):
        own = self.ids(self.own)
        imported = {**own, "price_list_id": self.imported.id}
        for name, method in public_methods().items():
            for key in set(IDS) & inspect.signature(method).parameters.keys():
                missing = self.call(self.anna, name, **{**own, key: MISSING})
                self.assertEqual(missing, ("MissingError", "There is nothing here for you."), name)
                for ids in ({**own, key: self.ids(self.foreign)[key]}, imported):
                    if ids[key] != own[key]:
                        self.assertEqual(self.call(self.anna, name, **ids), missing, (name, key))
                for guess in GUESSED:
                    if guess is None and key == "vendor_id":
                        continue
                    answer = self.call(self.anna, name, **{**own, key: guess})
                    self.assertEqual(answer, missing, (name, key, guess))
        self.assert_unchanged()

    def test_nothing_of_anothers_is_in_any_answer(self):
        for name in sorted(public_methods()):
            self.assert_nothing_of_others(repr(self.call(self.anna, name, **self.ids(self.own))))
        self.assert_unchanged()

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
            self.assert_nothing_of_others(repr(row))
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

    def open_route(self, path, methods, ids, token=""):
        url = re.sub(
            r"<\w+:(\w+)>", lambda found: str(ids.get(found[1], {"kind": "csv"}.get(found[1], 1))),
            path,
        )  # fmt: skip
        if "GET" in methods:
            answer = self.url_open(url, allow_redirects=False)
        else:
            data = {"csrf_token": token, "vendor": ids.get("vendor_id", "")}
            file = {"file": ("x.csv", f"{HEAD}SC-1,2.10\n")}
            answer = self.url_open(url, data=data, files=file, allow_redirects=False)
        text = re.sub(r"csrf_token\W+\w+", "", answer.text).replace(url, "")
        return answer.status_code, re.sub(r"name=\"csrf_token\" value=\"\w+\"", "", text)

    def token(self):
        page = self.url_open("/my").text
        return re.search(r'csrf_token: "(\w+)"', page)[1]

    def test_whoever_is_not_the_vendor_finds_nothing(self):
        for user in ("guest", "former"):
            self.authenticate(user, user)
            token = self.token()
            for path, methods, _names in routes():
                answers = set()
                for ids in (self.ids(self.own), self.ids(self.foreign)):
                    status, text = self.open_route(path, methods, ids, token)
                    self.assertEqual(status, 404, (user, path))
                    answers.add(text)
                self.assertEqual(len(answers), 1, path)
        self.assert_unchanged()

    def test_anothers_list_is_not_there_and_nothing_of_it_anywhere(self):
        self.authenticate("anna", "anna")
        token = self.token()
        own = self.ids(self.own)
        for path, methods, names in routes():
            if "price_list_id" in names:
                answers = set()
                for found in (self.foreign.id, self.imported.id, MISSING):
                    status, text = self.open_route(
                        path, methods, {**own, "price_list_id": found}, token
                    )
                    self.assertEqual(status, 404, path)
                    answers.add(text)
                self.assertEqual(len(answers), 1, path)
            if "GET" in methods:
                status, text = self.open_route(path, methods, own)
                self.assertEqual(status, 200, path)
                self.assert_nothing_of_others(text)
        for kind in ("csv", "xlsx"):
            answer = self.url_open(f"/my/supply/export/prices/{kind}")
            self.assertEqual(answer.status_code, 200)
            self.assert_nothing_of_others(answer.text)
        self.assert_unchanged()

    def test_only_a_post_with_the_token_changes_anything(self):
        self.authenticate("anna", "anna")
        for path, methods, _names in routes():
            if "POST" in methods:
                status, _text = self.open_route(path, methods, self.ids(self.own), "wrong")
                self.assertEqual(status, 400, path)
        self.env.invalidate_all()
        self.assertEqual(self.own.exists().state, "draft")

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
