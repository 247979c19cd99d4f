from . import overview_page
