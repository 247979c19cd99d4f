from . import vmi_proposal_approval
from . import vmi_proposal_refusal
