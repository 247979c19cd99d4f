from . import test_locks, test_queued_runs, test_settings
