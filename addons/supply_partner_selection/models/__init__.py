from . import (
    product_category,
    purchase_order,
    vendor_selection,
    vendor_selection_candidate,
    vendor_selection_comparison,
    vendor_selection_criterion,
    vendor_selection_judge,
    vendor_selection_judgement,
    vendor_selection_rating,
    vendor_selection_step,
)
