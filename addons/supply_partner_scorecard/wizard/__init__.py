from . import base_partner_merge_automatic_wizard
from . import stock_return_picking
from . import vendor_standing_override
