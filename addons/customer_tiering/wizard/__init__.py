from . import (
    base_partner_merge_automatic_wizard,
    customer_tier_override_wizard,
    customer_tier_run_wizard,
)
