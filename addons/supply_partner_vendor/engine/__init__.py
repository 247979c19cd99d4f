from .sell_through import SellThroughScope, refresh
