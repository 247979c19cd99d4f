{
    "name": "Supply Partner: Shipping Notices in the Scorecard",
    "summary": "How right vendors announce shipments, as a measure of the scorecard",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner_scorecard", "supply_partner_vendor"],
    "auto_install": True,
    "installable": True,
}
