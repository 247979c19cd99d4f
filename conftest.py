"""What holds for all tests, those of the add-ons and those of the repository."""

import os

# Where the queue is installed, Odoo's server would start a job runner of its own: tests do jobs
# when they want them done, and scheduled actions do their work themselves unless a test says so.
os.environ.setdefault("ODOO_QUEUE_JOB_CHANNELS", "root:0")
