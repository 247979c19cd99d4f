from . import purchase_order, vendor_selection
