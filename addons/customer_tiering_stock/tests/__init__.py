from . import test_delivery_priority, test_delivery_promises
