from . import test_dates, test_overview_page
