from . import vmi_agreement_line
from . import vmi_proposal_line
