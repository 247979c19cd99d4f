from . import stock_return_picking
from . import vendor_standing_override
