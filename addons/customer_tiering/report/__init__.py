from . import customer_promise_report, sale_report
