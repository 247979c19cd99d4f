{
    "name": "Supply Partner: EDI by OCA's Framework",
    "summary": "Messages with vendors come and go as exchange records of OCA's EDI framework",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["supply_partner_edi", "edi_core_oca"],
    "data": [
        "views/vmi_edi_partner_views.xml",
        "views/vmi_message_views.xml",
    ],
    "auto_install": True,
    "installable": True,
}
