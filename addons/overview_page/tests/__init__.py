from . import test_overview_page
