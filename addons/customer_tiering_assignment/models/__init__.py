from . import (
    customer_assignment,
    customer_assignment_load,
    customer_assignment_manager,
    customer_assignment_move,
    res_company,
    res_users,
)
