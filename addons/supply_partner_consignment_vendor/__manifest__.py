{
    "name": "Supply Partner: Settlements on the Vendor Portal",
    "summary": "Vendors confirm what was used of their stock, or dispute single lines",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner_consignment", "supply_partner_vendor"],
    "data": [
        "views/portal_settlement_templates.xml",
        "wizard/vmi_consignment_decision_views.xml",
        "views/vmi_consignment_settlement_views.xml",
    ],
    "assets": {
        "web.assets_frontend": ["supply_partner_consignment_vendor/static/src/**/*"],
    },
    "auto_install": True,
    "installable": True,
}
