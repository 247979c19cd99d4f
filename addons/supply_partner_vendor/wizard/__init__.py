from . import vmi_vendor_invitation
