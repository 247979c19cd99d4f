from . import test_reading
from . import test_price_lists
from . import test_catalogue
