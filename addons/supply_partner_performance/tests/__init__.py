from . import test_overview
from . import test_performance
from . import test_query_counts
from . import test_set_aside
from . import test_supply_scorecard
