{
    "name": "Supply Partner: Vendors' Price Lists",
    "summary": "Vendors upload their price lists on their own pages",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner_catalogue", "supply_partner_vendor"],
    "data": [
        "views/vmi_vendor_access_views.xml",
        "views/portal_price_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": ["supply_partner_catalogue_vendor/static/src/**/*"],
    },
    "auto_install": True,
    "installable": True,
}
