from . import vmi_agreement
from . import vmi_simulation
from . import vmi_simulation_factor
from . import vmi_simulation_line
from . import vmi_overview
