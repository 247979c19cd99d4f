from . import vendor_sourcing_vendor
