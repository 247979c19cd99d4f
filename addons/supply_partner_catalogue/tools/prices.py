"""What a vendor's price comes to, and what a new one changes."""


def net_price(price, discount):
    """Return a price less its discount in per cent."""
    return price * (1 - discount / 100)


def relative_change(new, old):
    """Return by which share of the old price the new one is above it; None without an old one."""
    return new / old - 1 if old else None
