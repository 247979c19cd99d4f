{
    "name": "Supply Partner: Scorecard of the Vendor Portal",
    "summary": "Measure shipping notices and forecasts in the vendor scorecard",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["supply_partner_scorecard", "supply_partner_vendor"],
    "auto_install": True,
    "installable": True,
}
