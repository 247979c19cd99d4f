from . import (
    edi_exchange_record,
    edi_exchange_related_record,
    vmi_edi_oca_taker,
    vmi_edi_partner,
    vmi_message,
)
