from . import (
    test_first_response,
    test_ticket_promises,
    test_ticket_sla,
    test_working_hours,
)
