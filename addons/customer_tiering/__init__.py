from . import metrics
from . import models
from . import wizard
