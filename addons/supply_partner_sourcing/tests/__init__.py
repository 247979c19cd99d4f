from . import test_alerts
from . import test_companies
from . import test_guard
from . import test_pages
from . import test_qualifications
from . import test_query_counts
from . import test_sourcing
from . import test_sourcing_functions
