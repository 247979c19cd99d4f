from . import res_users_apikeys_description
from . import vmi_vendor_invitation
