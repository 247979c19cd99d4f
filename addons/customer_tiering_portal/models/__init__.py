from . import customer_tier
from . import customer_tier_notice
from . import customer_tier_policy
from . import res_company
from . import res_config_settings
from . import res_partner
