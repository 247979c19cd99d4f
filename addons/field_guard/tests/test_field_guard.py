from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, new_test_user


class TestFieldGuard(TransactionCase):
    """The fields of a family are guarded, those of other add-ons are not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.editor = new_test_user(
            cls.env, "guard_editor", "base.group_user,base.group_partner_manager"
        )
        cls.partner = cls.env["res.partner"].create({"name": "Harbour Bakery"})

    def guard(self, *families):
        """Guard the fields of these families until the test ends."""
        model = self.env.registry["base"]
        patcher = patch.object(model, "_get_guarded_families", lambda self: families)
        patcher.start()
        self.env.registry.clear_cache()
        self.addCleanup(self.env.registry.clear_cache)
        self.addCleanup(patcher.stop)
        return self.partner.with_user(self.editor)

    def test_fields_of_no_family_are_left_alone(self):
        partner = self.guard("my_addon")
        partner.color = float(3)
        self.assertEqual(partner.color, 3)

    def test_numbers_are_numbers(self):
        partner = self.guard("base")
        for value in (float("nan"), float("-inf"), 2**31):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                partner.write({"color": value})
            with self.subTest(value=value), self.assertRaises(ValidationError):
                partner.create({"name": "Corner Cafe", "color": value})

    def test_only_methods_write_what_is_read_only(self):
        partner = self.guard("base")
        other = self.env["res.partner"].create({"name": "Corner Cafe"})
        with self.assertRaisesRegex(AccessError, "set automatically"):
            partner.write({"commercial_partner_id": other.id})
        # A form sends again what it has read, and methods write with all rights.
        partner.write({"commercial_partner_id": self.partner.id})
        partner.sudo().write({"commercial_partner_id": other.id})
