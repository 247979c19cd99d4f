from . import measures, models, wizard
