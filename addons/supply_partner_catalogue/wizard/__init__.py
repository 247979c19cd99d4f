from . import vendor_catalogue_import
from . import vendor_catalogue_refusal
