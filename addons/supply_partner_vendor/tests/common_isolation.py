import inspect
import json
import re

from ..controllers.portal import VendorPortal
from .common import OTHERS_NAMES, OTHERS_PRICE, OTHERS_STOCK, VendorCase

MISSING = 2_000_000_000
GUESSED = (0, -1, 2**31, 2**70, True, "1", "1 OR 1=1", 1.5, [1], None)
NOTHING = "There is nothing here for you."
# What a method or route is given that is no id.
GIVEN = {
    "reason": "No flour",
    "body": "Hello",
    "lines": [{"order_line_id": MISSING, "quantity": 1}],
    "date": "2026-12-01",
    "number": "F-1",
    "what": "stock",
    "kind": "csv",
}
HOSTILE = {
    "lang": "xx_XX",
    "su": True,
    "uid": 1,
    "active_test": False,
    "bin_size": True,
    "default_state": "draft",
    "prefetch_fields": False,
    "vmi_owner": True,
}


def controllers():
    """Return the controller of the pages, and those that add to it."""
    found, waiting = [], [VendorPortal]
    while waiting:
        class_ = waiting.pop()
        found.append(class_)
        waiting += class_.__subclasses__()
    return found


class IsolationCase(VendorCase):
    """Both vendors have a proposal, an order, a shipment and a message each.

    :cvar walked: the add-on whose methods and routes are tried out
    :cvar id_names: what its methods and routes call the ids of records
    :cvar optional: those of them that may be left out
    :cvar tables: what can be downloaded
    :cvar given: what its methods are given besides, and that is no id
    :cvar files: what its forms upload, as ``{field: (name, content)}``
    """

    walked = "supply_partner_vendor"
    id_names = (
        "proposal_id",
        "order_id",
        "shipment_id",
        "attachment_id",
        "key_id",
        "line_id",
        "agreement_id",
    )
    optional = ("line_id", "agreement_id")
    tables = ("stock", "proposals", "orders", "shipments", "sell-through")
    given = GIVEN
    files = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_of_others = cls.order(cls.others)
        cls.own_order = cls.order()
        cls.own_shipment, cls.shipment_of_others = (
            cls.env["vmi.shipment"]
            .sudo()
            ._announce(
                order,
                {"date": "2026-12-01"},
                [{"order_line": order.order_line, "quantity": 10}],
            )
            for order in (cls.own_order, cls.order_of_others)
        )
        cls.put(cls.screws, -20)
        cls.put(cls.bolts, -OTHERS_STOCK + 1)
        cls.agreement.line_ids.write({"min_qty": 300, "max_qty": 400})
        cls.others.line_ids.write({"min_qty": 15000, "max_qty": 19000})
        cls.own, cls.foreign = cls.propose(), cls.propose(cls.others)
        for proposal in (cls.own, cls.foreign):
            what = proposal.line_ids.product_id.name
            proposal.message_post(
                body=f"{what}, please",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                attachments=[("drawing.txt", what.encode())],
            )
        for user in (cls.anna, cls.bert):
            key = cls.env(user=user.id)["res.users.apikeys"].sudo()
            key._generate(None, f"Key of {user.login}", None)
        cls.env["vmi.sell.through"].sudo()._refresh_company(cls.company)
        cls.env.flush_all()

    def is_walked(self, class_):
        return class_.__module__.startswith(f"odoo.addons.{self.walked}.")

    def public_methods(self):
        """Return what the service lets in, by name."""
        return {
            name: method
            for class_ in self.env.registry["vmi.vendor"].__mro__
            if self.is_walked(class_)
            for name, method in vars(class_).items()
            if inspect.isfunction(method) and not name.startswith("_")
        }

    def routes(self):
        """Return the routes of the vendor's pages: path, methods, and the names of their ids."""
        found = []
        for class_ in filter(self.is_walked, controllers()):
            for method in vars(class_).values():
                routing = getattr(method, "original_routing", None)
                for path in routing["routes"] if routing else ():
                    names = re.findall(r"<\w+:(\w+)>", path)
                    found.append((path, routing["methods"], names))
        return found

    def missing_ids(self):
        return dict.fromkeys(self.id_names, MISSING)

    def ids(self, proposal):
        """Return the ids of everything of one vendor."""
        user = self.anna if proposal == self.own else self.bert
        order = self.own_order if proposal == self.own else self.order_of_others
        shipment = self.own_shipment if proposal == self.own else self.shipment_of_others
        keys = self.env["res.users.apikeys"].sudo().search([("user_id", "=", user.id)])
        return {
            "proposal_id": proposal.id,
            "order_id": order.id,
            "shipment_id": shipment.id,
            "attachment_id": proposal.message_ids.attachment_ids.id,
            "key_id": keys[:1].id,
            "line_id": proposal.agreement_id.line_ids.id,
            "agreement_id": proposal.agreement_id.id,
        }

    def assert_nothing_of_others(self, text):
        self.assertTrue(self.foreign.name)
        for secret in self.secrets():
            # Not as digits of the server's port, or of a hash, which the pages name.
            self.assertNotRegex(text, rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])")

    def secrets(self):
        """Return what is the other vendor's, and stands nowhere else."""
        return (
            *OTHERS_NAMES,
            str(OTHERS_PRICE),
            str(OTHERS_STOCK),
            "19000",
            "19,000",
            self.others.name,
            self.foreign.name,
            self.order_of_others.name,
        )

    def assert_unchanged(self):
        self.env.invalidate_all()
        self.assertEqual(self.foreign.state, "sent")
        self.assertFalse(self.foreign.line_ids.answered_at)
        self.assertEqual(self.shipment_of_others.state, "announced")
        self.assertEqual(len(self.foreign.message_ids), self.message_count)

    def assert_own_unchanged(self):
        self.env.invalidate_all()
        self.assertEqual(self.own.state, "sent")
        self.assertFalse(self.own.line_ids.answered_at)
        self.assertEqual(self.own_shipment.state, "announced")
        self.assertEqual(len(self.own.message_ids), self.own_message_count)

    def setUp(self):
        super().setUp()
        self.message_count = len(self.foreign.message_ids)
        self.own_message_count = len(self.own.message_ids)


class ServiceWalk:
    """Every method of the service, called by everybody, with whatever ids."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.make_company("Southwind")

    def call(self, user, name, **ids):
        method = self.public_methods()[name]
        self.assertTrue(getattr(method, "_api_model", False), name)
        wanted = inspect.signature(method).parameters
        given = {key: value for key, value in self.given.items() if key in wanted}
        given.update({key: value for key, value in ids.items() if key in wanted})
        context = {**HOSTILE, "allowed_company_ids": self.other_company.ids}
        service = self.env(user=user.id, su=False, context=context)["vmi.vendor"]
        try:
            with self.env.cr.savepoint():
                return getattr(service, name)(**given)
        except Exception as error:
            # All that a caller learns of it.
            return type(error).__name__, str(error)

    def test_who_has_no_access_gets_one_answer(self):
        expected = ("MissingError", NOTHING)
        public = self.env.ref("base.public_user").sudo()
        for user in (self.guest, self.former, public, self.buyer):
            for name in self.public_methods():
                for ids in (
                    self.ids(self.own),
                    self.ids(self.foreign),
                    self.missing_ids(),
                ):
                    self.assertEqual(self.call(user, name, **ids), expected, (user.login, name))
        self.assert_unchanged()

    def test_what_is_anothers_is_as_if_it_were_not(self):
        for name, method in self.public_methods().items():
            for key in set(self.id_names) & inspect.signature(method).parameters.keys():
                own = self.ids(self.own)
                missing = self.call(self.anna, name, **{**own, key: MISSING})
                foreign = self.call(self.anna, name, **{**own, key: self.ids(self.foreign)[key]})
                self.assertEqual(missing, ("MissingError", NOTHING), name)
                self.assertEqual(foreign, missing, (name, key))
                for guess in GUESSED:
                    if guess is None and key in self.optional:
                        continue
                    answer = self.call(self.anna, name, **{**own, key: guess})
                    self.assertEqual(answer, missing, (name, key, guess))
        self.assert_unchanged()

    def test_nothing_of_anothers_is_in_any_answer(self):
        own = self.ids(self.own)
        for name, method in self.public_methods().items():
            needed = {
                key: own[key]
                for key, parameter in inspect.signature(method).parameters.items()
                if key in own and parameter.default is parameter.empty
            }
            self.assert_nothing_of_others(repr(self.call(self.anna, name, **needed)))
        self.assert_unchanged()


class PageWalk:
    """Every route, opened by everybody, with whatever ids."""

    def open_route(self, path, methods, names, ids, token=None):
        url = re.sub(
            r"<\w+:(\w+)>",
            lambda found: str(ids.get(found[1], self.given.get(found[1], 1))),
            path,
        )
        if "GET" in methods:
            answer = self.url_open(url, allow_redirects=False)
        else:
            data = {"reason": "x", "body": "x", "date": "2026-12-01", "number": "F-1"}
            data["csrf_token"] = token or ""
            data[f"quantity-{self.own.line_ids.id}"] = "5"
            answer = self.url_open(url, data=data, files=self.files, allow_redirects=False)
        text = re.sub(r"csrf_token\W+\w+", "", answer.text).replace(url, "")
        # What stands in every answer anew.
        text = re.sub(r"(csrf_token|name=\"csrf_token\" value)=?\"?[\w]+", "", text)
        return answer.status_code, text, dict(answer.headers)

    def token(self):
        page = self.url_open("/my/supply/keys").text
        return re.search(r'name="csrf_token" value="(\w+)"', page)[1]

    def test_whoever_is_not_the_vendor_gets_one_answer(self):
        for user in ("guest", "former"):
            self.authenticate(user, user)
            page = self.url_open("/my").text
            token = re.search(r'csrf_token: "(\w+)"', page)[1]
            for path, methods, names in self.routes():
                answers = set()
                for ids in (
                    self.ids(self.own),
                    self.ids(self.foreign),
                    self.missing_ids(),
                ):
                    status, text, _headers = self.open_route(path, methods, names, ids, token)
                    answers.add((status, text))
                    self.assertEqual(status, 404, (user, path))
                    self.assert_nothing_of_others(text)
                self.assertEqual(len(answers), 1, (user, path))
        self.assert_unchanged()

    def test_nobody_is_sent_to_the_login(self):
        for path, methods, names in self.routes():
            status, text, headers = self.open_route(path, methods, names, self.ids(self.own))
            if "GET" in methods:
                self.assertEqual(status, 303, path)
                self.assertIn("/web/login", headers["Location"])
            else:
                self.assertIn(status, (303, 400), path)
            self.assert_nothing_of_others(text)
        self.assert_unchanged()

    def test_what_is_anothers_is_as_if_it_were_not(self):
        self.authenticate("anna", "anna")
        token = self.token()
        for path, methods, names in self.routes():
            for key in set(names) & set(self.id_names):
                own = self.ids(self.own)
                foreign = {**own, key: self.ids(self.foreign)[key]}
                answers = []
                for ids in (foreign, {**own, key: MISSING}):
                    status, text, headers = self.open_route(path, methods, names, ids, token)
                    answers.append((status, text))
                    self.assertEqual(status, 404, (path, key))
                    self.assert_nothing_of_others(text + repr(headers))
                self.assertEqual(answers[0], answers[1], (path, key))
        self.assert_unchanged()

    def test_nothing_of_anothers_is_on_any_page(self):
        self.authenticate("anna", "anna")
        own = self.ids(self.own)
        for path, methods, names in self.routes():
            if "GET" in methods:
                for what in self.tables:
                    ids = {**own, "what": what}
                    status, text, headers = self.open_route(path, methods, names, ids)
                    self.assertEqual(status, 200, path)
                    self.assert_nothing_of_others(text + repr(headers))
                    if "what" not in names:
                        break

    def test_only_a_post_with_the_token_changes_anything(self):
        self.authenticate("anna", "anna")
        own = self.ids(self.own)
        for path, methods, names in self.routes():
            if "POST" in methods:
                status, _text, _headers = self.open_route(path, methods, names, own, "wrong")
                self.assertEqual(status, 400, path)
                url = re.sub(r"<\w+:(\w+)>", lambda found: str(own.get(found[1], 1)), path)
                if (path, ["GET"], names) not in [
                    (other, only, ids) for other, only, ids in self.routes()
                ]:
                    self.assertEqual(self.url_open(url).status_code, 405, path)
        self.assert_own_unchanged()


class CallWalk:
    """Every method, called by a program with a key."""

    def call(self, key, name, values):
        answer = self.url_open(
            f"/json/2/vmi.vendor/{name}",
            data=json.dumps(values),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
        )
        return answer.status_code, answer.text

    def make_key(self, user):
        keys = self.env(user=user.id)["res.users.apikeys"].sudo()
        return keys._generate(None, "Program", None)

    def test_foreign_missing_and_revoked_are_one_answer(self):
        anna, former = self.make_key(self.anna), self.make_key(self.former)
        foreign = self.ids(self.foreign)
        for name, method in self.public_methods().items():
            wanted = inspect.signature(method).parameters
            for key in set(self.id_names) & wanted.keys():
                values = {
                    other: value
                    for other, value in {**self.given, **self.ids(self.own)}.items()
                    if other in wanted and wanted[other].default is wanted[other].empty
                }
                answers = {
                    self.call(anna, name, {**values, key: foreign[key]}),
                    self.call(anna, name, {**values, key: MISSING}),
                    self.call(former, name, {**values, key: foreign[key]}),
                }
                statuses = {status for status, _text in answers}
                self.assertEqual(statuses, {404}, (name, key))
                for _status, text in answers:
                    self.assert_nothing_of_others(text)
                messages = {json.loads(text)["message"] for _status, text in answers}
                self.assertEqual(messages, {NOTHING})
                # Foreign and missing to the last letter.
                self.assertEqual(
                    self.call(anna, name, {**values, key: foreign[key]}),
                    self.call(anna, name, {**values, key: MISSING}),
                )
        self.assert_unchanged()
