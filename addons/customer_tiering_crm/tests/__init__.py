from . import test_last_contacts, test_pipeline
