from . import test_deliveries
from . import test_gates
from . import test_measures
from . import test_promises
from . import test_score_functions
from . import test_scorecards
from . import test_vendor_page
