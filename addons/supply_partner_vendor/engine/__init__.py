from .accuracy import accuracy_query, measure
from .sell_through import SellThroughScope, refresh
