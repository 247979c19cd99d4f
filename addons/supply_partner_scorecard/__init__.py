from . import measures, models, report, wizard
