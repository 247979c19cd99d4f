from . import test_access
from . import test_answers
from . import test_forecast
from . import test_isolation
from . import test_keys
from . import test_pages
from . import test_sell_through
from . import test_shipments
