from .models.vmi_edi_partner import ROOT_PARAMETER


def uninstall_hook(env):
    """Forget where the folders were; the files in them stay."""
    env["ir.config_parameter"].search([("key", "=", ROOT_PARAMETER)]).unlink()
