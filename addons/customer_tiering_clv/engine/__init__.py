from .lifetimes import Lifetimes, Terms
