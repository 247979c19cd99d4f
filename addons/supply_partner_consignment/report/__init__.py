from . import vmi_consignment_stock
