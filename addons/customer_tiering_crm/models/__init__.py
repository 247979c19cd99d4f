from . import crm_lead, customer_standing
