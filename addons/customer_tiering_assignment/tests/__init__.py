from importlib.util import find_spec

from . import test_assignments, test_query_counts

# Comes with requirements-test.txt and not with Odoo.
if find_spec("hypothesis"):
    from . import test_assigning
