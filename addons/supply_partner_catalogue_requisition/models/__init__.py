from . import vendor_cart
