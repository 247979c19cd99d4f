from importlib.util import find_spec

from . import (
    test_ahp,
    test_coach,
    test_companies,
    test_decision,
    test_query_counts,
    test_rating,
    test_selection,
)

# It is the rival that weights are held against, and is needed for nothing else.
if find_spec("ahpy"):
    from . import test_ahp_beside_ahpy
