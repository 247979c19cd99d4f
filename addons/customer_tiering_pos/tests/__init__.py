from . import (
    test_pos_margin,
    test_pos_orders,
    test_pos_prices,
    test_pos_receipts,
    test_settled_sale_orders,
)
