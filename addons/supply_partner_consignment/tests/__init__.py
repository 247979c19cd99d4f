from importlib.util import find_spec

from . import test_buying_over
from . import test_doors
from . import test_guard
from . import test_ledger
from . import test_owners
from . import test_settlements
from . import test_valuation

# Comes with requirements-test.txt and not with Odoo.
if find_spec("hypothesis"):
    from . import test_any_sequence
