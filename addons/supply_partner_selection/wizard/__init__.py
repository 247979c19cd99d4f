from . import vendor_selection_choice
