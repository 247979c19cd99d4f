from . import res_partner
from . import vmi_agreement
from . import vmi_performance
from . import vmi_overview
