from . import test_query_counts
from . import test_screens
from . import test_simulation
from . import test_glide_path
