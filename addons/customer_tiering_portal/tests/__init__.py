from . import test_portal_tier
from . import test_tier_mails
