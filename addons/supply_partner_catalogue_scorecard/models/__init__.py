from . import vendor_offer
