from .deliveries import write_deliveries
from .events import gathered_events
from .promises import missing_promises_statement
from .scope import VendorScope
