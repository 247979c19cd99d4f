"""Parts of a whole that are small enough for one job."""


def chunks(sizes, most):
    """Put things together, in their order, as long as their sizes add up to no more than ``most``.

    :param sizes: pairs of a thing and its size; what is larger by itself is alone
    :return: a list of lists of things, none of them empty
    """
    found, total = [], 0
    for thing, size in sizes:
        if not found or total + size > most:
            found.append([])
            total = 0
        found[-1].append(thing)
        total += size
    return found
