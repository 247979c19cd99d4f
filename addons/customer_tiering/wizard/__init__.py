from . import base_partner_merge, customer_tier_lock_wizard
