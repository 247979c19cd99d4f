from . import vmi_proposal_refusal
