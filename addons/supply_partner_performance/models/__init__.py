from . import vmi_agreement
from . import vmi_performance
