from . import metrics, models
