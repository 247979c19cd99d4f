from . import test_dashboard_roles
