"""What a vendor's price comes to."""


def net_price(price, discount):
    """Return a price less its discount in per cent."""
    return price * (1 - discount / 100)


def landed_price(net, duty, freight):
    """Return what a unit costs on our shelf: duty in per cent of the net price, and freight."""
    return net * (1 + duty / 100) + freight


def price_per_good_unit(landed, defect_share):
    """Return what a unit without defects costs; None when none is good.

    :param defect_share: from 0 to 1; None: not known, which changes nothing
    """
    if defect_share is None:
        return landed
    return landed / (1 - defect_share) if defect_share < 1 else None


def relative_change(new, old):
    """Return by which share of the old price the new one is above it; None without an old one."""
    return new / old - 1 if old else None
