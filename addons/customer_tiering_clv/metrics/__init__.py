from . import lifetimes
