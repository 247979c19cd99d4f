"""Whether a value has the shape that a field of its type takes, from a client or from a method."""

MOST_ID = 2**31 - 1
# What follows the number of each command of links: an id, values, ids.
COMMANDS = {0: "?v", 1: "iv", 2: "i", 3: "i", 4: "i", 5: "", 6: "?s"}


def is_id(value):
    """Return whether it can be an id: a whole number, or an object that stands for one."""
    if isinstance(value, (str, bytes, float, list, set, dict, bool)):
        return False
    return not isinstance(value, int) or abs(value) <= MOST_ID


def is_links(value):
    """Return whether it can be links to many records: ids, values or commands."""
    if isinstance(value, (str, bytes, dict)) or not hasattr(value, "__iter__"):
        return False
    return all(
        _is_command(item)
        if isinstance(item, (list, tuple))
        else isinstance(item, dict) or is_id(item)
        for item in value
    )


def _is_command(command):
    if not command or not isinstance(command[0], int):
        return False
    parts = COMMANDS.get(command[0])
    if parts is None or len(command) <= len(parts):
        return False
    return all(
        part == "?"
        or (part == "i" and is_id(value))
        or (part == "v" and isinstance(value, dict))
        or (
            part == "s"
            and not isinstance(value, (str, bytes, dict))
            and hasattr(value, "__iter__")
            and all(map(is_id, value))
        )
        for part, value in zip(parts, command[1:], strict=False)
    )


def has_shape(kind, value):
    """Return whether a field of this type can keep the value.

    :param kind: the field's type. Of numbers, days and choices the field itself knows more.
    :param value: what is to be written, not empty
    """
    if kind in ("many2one", "many2one_reference"):
        return is_id(value)
    if kind in ("one2many", "many2many"):
        return is_links(value)
    if kind == "binary":
        return isinstance(value, (str, bytes))
    # PostgreSQL keeps no text with this character.
    return not isinstance(value, str) or "\0" not in value
