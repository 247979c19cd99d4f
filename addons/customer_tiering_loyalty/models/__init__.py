from . import customer_tier, loyalty_program, sale_order
