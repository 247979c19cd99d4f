from . import (
    customer_promise_report,
    report_customer_tiering_account_sheet,
    report_customer_tiering_partner_account_sheet,
    sale_report,
)
