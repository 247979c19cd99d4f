from . import customer_conversion_report
