from . import account_accrued_orders_wizard
from . import vmi_consignment_decision
from . import vmi_consignment_purchase
from . import vmi_consignment_settle
