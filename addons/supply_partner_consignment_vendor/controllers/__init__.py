from . import portal
from . import texts
