from . import test_access, test_announcements, test_tier_run_jobs
