{
    "name": "Customer Tiering: Sourcing",
    "summary": "Say which tiers lose what if a vendor stops",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering_supply", "supply_partner_sourcing"],
    "auto_install": True,
    "installable": True,
}
