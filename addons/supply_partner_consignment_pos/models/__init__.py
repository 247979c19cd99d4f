from . import pos_order
from . import pos_order_line
from . import pos_session
from . import stock_move
from . import stock_picking
