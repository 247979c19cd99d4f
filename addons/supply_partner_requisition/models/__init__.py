from . import vmi_agreement_line
