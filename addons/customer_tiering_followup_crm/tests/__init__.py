from . import test_last_contacts
