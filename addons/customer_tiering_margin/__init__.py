from . import metrics, models
from .hooks import post_init_hook
