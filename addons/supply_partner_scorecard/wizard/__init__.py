from . import vendor_standing_override
