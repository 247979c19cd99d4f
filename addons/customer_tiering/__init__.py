from . import metrics, models, report, wizard
from .hooks import uninstall_hook
