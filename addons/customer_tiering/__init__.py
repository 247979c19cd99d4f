from . import metrics, models, report, wizard
