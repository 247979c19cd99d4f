from . import test_access
from . import test_despatch
from . import test_envelope
from . import test_exchange
from . import test_fuzz
from . import test_isolation
from . import test_reports
from . import test_responses
