from . import vmi_consignment_decision
