import os
import shutil
import tempfile
from pathlib import Path

from odoo.addons.supply_partner_vendor.tests.common import VendorCase

from ..models.vmi_edi_partner import ROOT_PARAMETER
from .samples import BUYER, VENDOR, interchange

SCREWS, BOLTS = "4000000000013", "4000000000020"


class EdiCase(VendorCase):
    """Acme answers and announces by EDI; its folder is ``acme``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.screws.sudo().write({"barcode": SCREWS, "default_code": "SCR-1"})
        cls.screws.sudo().seller_ids.product_code = "A-77"
        cls.bolts.sudo().barcode = BOLTS
        cls.company.partner_id.sudo().global_location_number = BUYER
        cls.vendor.sudo().global_location_number = VENDOR
        cls.manager = cls.make_buyer("edi manager", cls.company, "purchase.group_purchase_manager")
        cls.edi = cls.make_edi(cls.vendor)

    @classmethod
    def make_edi(cls, vendor, **vals):
        return (
            cls.env["vmi.edi.partner"]
            .sudo()
            .create(
                {
                    "partner_id": vendor.id,
                    "company_id": cls.company.id,
                    "user_id": cls.buyer.id,
                    "channel": "file",
                    "folder": "acme",
                    **vals,
                }
            )
        )

    def setUp(self):
        super().setUp()
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        self.env["ir.config_parameter"].sudo().set_param(ROOT_PARAMETER, self.root)

    @property
    def folder(self):
        """Acme's folder, made."""
        return self.edi._get_folder().folder

    def names(self, place):
        return sorted(os.listdir(self.folder / place))

    def put_in(self, name, text):
        data = text if isinstance(text, bytes) else text.encode("latin-1")
        Path(self.folder / "in" / name).write_bytes(data)

    def receive(self, *messages, channel="file", edi=None, name="a.edi", **values):
        """Take an interchange of messages in, and carry them out."""
        return self.take(interchange(*messages, **values), channel, edi, name)

    def take(self, text, channel="file", edi=None, name="a.edi"):
        data = text if isinstance(text, bytes) else text.encode("latin-1")
        found = (edi or self.edi)._receive(name, data, channel)
        for message in found:
            message._work()
        return found

    def codes(self, message):
        return message.error_ids.mapped("code")

    def assert_error(self, message, code, reason=""):
        self.assertEqual((message.state, self.codes(message)), ("error", [code]))
        self.assertIn(reason, message.error_text)
        self.assertNotIn("%(", message.error_text)
