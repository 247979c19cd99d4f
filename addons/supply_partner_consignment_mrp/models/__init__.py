from . import mrp_production
from . import stock_move
