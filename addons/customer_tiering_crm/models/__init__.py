from . import customer_care
