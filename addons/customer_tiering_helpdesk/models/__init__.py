from . import (
    customer_care,
    customer_tier,
    helpdesk_sla,
    helpdesk_ticket,
    helpdesk_ticket_sla,
)
