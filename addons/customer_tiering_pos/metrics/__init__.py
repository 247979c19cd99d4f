from . import pos_orders, pos_receipts
