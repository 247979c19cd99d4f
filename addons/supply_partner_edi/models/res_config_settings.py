from odoo import fields, models

from .vmi_edi_partner import ROOT_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    vmi_edi_root = fields.Char(
        "Folder for EDI",
        config_parameter=ROOT_PARAMETER,
        groups="base.group_system",
        help="On the server, an absolute path. Below it each vendor has a folder with in, done, "
        "error and out. Empty: below Odoo's own data.",
    )
