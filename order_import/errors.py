"""The one exception that ends a load with a message instead of a traceback."""


class LoadError(Exception):
    """Nothing can be loaded; the text tells the user why and what would help."""
