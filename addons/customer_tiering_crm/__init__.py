from . import metrics, models, report
