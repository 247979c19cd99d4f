from . import vmi_vendor
from . import vmi_vendor_access
