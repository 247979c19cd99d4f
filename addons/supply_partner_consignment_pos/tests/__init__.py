from importlib.util import find_spec

from . import test_owners

# Comes with requirements-test.txt and not with Odoo.
if find_spec("hypothesis"):
    from . import test_any_sale
