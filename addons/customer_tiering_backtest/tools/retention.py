"""What became of the customers of each tier."""


def retention(migrations, is_kept):
    """Return how many customers of each tier stayed in it, or a better one, and how many bought.

    :param migrations: {(tier before, tier after): (customers, those of them who bought)}; a
        false value is no tier
    :param is_kept: called with (tier before, tier after), whether that move keeps the customer
    :return: {tier before: {"held_customers", "kept_customers", "buying_customers"}}
    """
    found = {}
    for (old, new), (customers, bought) in migrations.items():
        if not old:
            continue
        counts = found.setdefault(
            old, {"held_customers": 0, "kept_customers": 0, "buying_customers": 0}
        )
        counts["held_customers"] += customers
        counts["kept_customers"] += customers if new and is_kept(old, new) else 0
        counts["buying_customers"] += bought
    return found
