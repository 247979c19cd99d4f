from . import metrics, models, wizard
