from .deliveries import write_deliveries
from .events import gathered_events
from .promises import missing_promises_statement
from .receipts import RECEIVED, TRANSFER, receipts_from
from .scope import VendorScope
