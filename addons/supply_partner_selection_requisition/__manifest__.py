{
    "name": "Supply Partner: Selection among Alternatives",
    "summary": "Select a vendor among alternative requests for quotation, up to a blanket order",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner_selection", "purchase_requisition"],
    "data": ["views/vendor_selection_views.xml"],
    "auto_install": True,
    "installable": True,
}
