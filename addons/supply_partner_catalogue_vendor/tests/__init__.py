from . import test_price_pages
