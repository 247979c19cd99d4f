from . import customer_promise_report
