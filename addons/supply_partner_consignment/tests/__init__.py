from . import test_doors
from . import test_ledger
from . import test_owners
from . import test_settlements
from . import test_valuation
