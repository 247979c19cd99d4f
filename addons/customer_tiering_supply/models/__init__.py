from . import (
    customer_service_level,
    res_company,
    res_config_settings,
    sale_order,
    stock_move,
    stock_picking,
    vmi_agreement,
    vmi_agreement_line,
    vmi_proposal_line,
)
