from . import customer_tier, pos_config, res_partner
