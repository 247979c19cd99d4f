import re
from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Datetime
from odoo.tests import HttpCase

from .common import VendorCase


class TestKeys(VendorCase, HttpCase):
    """A vendor's user makes a key for a program, which holds for 90 days."""

    def token(self):
        page = self.url_open("/my/supply/keys").text
        return re.search(r'name="csrf_token" value="(\w+)"', page)[1]

    # Odoo makes the passwords of test users eight letters long.
    def make(self, password="annaxxxx", name="Stock program"):
        data = {"csrf_token": self.token(), "name": name, "password": password}
        return self.url_open("/my/supply/keys", data=data).text

    def test_a_key_is_made_shown_once_used_and_deleted(self):
        self.authenticate("anna", "anna")
        page = self.make()
        key = re.search(r'o_vendor_secret">(\w+)<', page)[1]
        self.assertNotIn(key, self.url_open("/my/supply/keys").text)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.opener.cookies.clear()
        answer = self.url_open("/json/2/vmi.vendor/get_stock", data='{"limit": 1}', headers=headers)
        self.assertEqual(answer.json()["lines"][0]["product"], "Screws")
        self.authenticate("anna", "anna")
        [one] = self.served(self.anna)._get_keys()
        self.assertEqual(one["name"], "Stock program")
        left = Datetime.to_datetime(one["expires"].replace("T", " ").removesuffix("Z"))
        self.assertAlmostEqual((left - Datetime.now()) / timedelta(days=90), 1, places=2)
        self.url_open(f"/my/supply/keys/{one['key_id']}/delete", data={"csrf_token": self.token()})
        self.opener.cookies.clear()
        answer = self.url_open("/json/2/vmi.vendor/get_stock", data="{}", headers=headers)
        self.assertEqual(answer.status_code, 401)

    def test_not_without_the_password(self):
        self.authenticate("anna", "anna")
        self.assertIn("This is not your password.", self.make("wrong"))
        self.assertIn("Give the key a name.", self.make(name=" "))
        self.assertFalse(self.served(self.anna)._get_keys())

    def test_a_key_of_somebody_else_is_not_there(self):
        keys = self.env(user=self.bert.id)["res.users.apikeys"].sudo()
        keys._generate(None, "Bert's", None)
        key = keys.search([("user_id", "=", self.bert.id)])
        self.authenticate("anna", "anna")
        answer = self.url_open(
            f"/my/supply/keys/{key.id}/delete", data={"csrf_token": self.token()}
        )
        self.assertEqual(answer.status_code, 404)
        self.assertTrue(key.exists())

    def test_other_portal_users_have_none(self):
        self.assertFalse(self.env["ir.config_parameter"].sudo().get_param("portal.allow_api_keys"))
        for user, may in ((self.anna, True), (self.guest, False), (self.former, False)):
            description = self.env["res.users.apikeys.description"].with_user(user)
            if may:
                description.check_access_make_key()
            else:
                with self.assertRaises(AccessError):
                    description.check_access_make_key()

    def test_not_for_longer_than_ninety_days(self):
        keys = self.env["res.users.apikeys"].with_user(self.anna)
        with self.assertRaises(ValidationError):
            keys._generate(None, "For ever", Datetime.now() + timedelta(days=91))
        with self.assertRaises(ValidationError):
            keys._generate(None, "For ever", None)

    def test_a_call_returns_at_most_a_thousand_lines(self):
        for limit in (0, 1001, "10", -1, None, True):
            with self.assertRaisesRegex(Exception, "limit"):
                self.served(self.anna).get_stock(limit=limit)
        for offset in (-1, "0", None):
            with self.assertRaisesRegex(Exception, "offset"):
                self.served(self.anna).get_stock(offset=offset)
