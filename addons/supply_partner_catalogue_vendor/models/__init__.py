from . import vendor_catalogue
from . import vendor_catalogue_row
from . import vmi_vendor
from . import vmi_vendor_access
