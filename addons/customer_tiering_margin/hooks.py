def post_init_hook(env):
    """Add the margin to default policies that were made before this add-on was there."""
    env["customer.tier.policy"]._add_margin_to_unused_defaults()
