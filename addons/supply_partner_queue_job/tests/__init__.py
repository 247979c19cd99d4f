from . import test_chunks, test_review_jobs
