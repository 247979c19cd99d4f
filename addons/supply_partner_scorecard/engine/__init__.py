from .deliveries import write_deliveries
from .promises import missing_promises_statement
from .scope import VendorScope
