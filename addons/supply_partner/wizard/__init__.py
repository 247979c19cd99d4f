from . import base_partner_merge_automatic_wizard
from . import vmi_agreement_start
from . import vmi_proposal_approval
from . import vmi_proposal_refusal
