from . import (
    customer_service_level,
    customer_tier,
    sale_order,
    stock_move,
    stock_picking,
)
