from . import vmi_agreement
