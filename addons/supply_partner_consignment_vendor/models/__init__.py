from . import vmi_consignment_settlement
from . import vmi_consignment_settlement_line
from . import vmi_vendor
