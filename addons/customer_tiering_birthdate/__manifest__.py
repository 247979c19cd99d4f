{
    "name": "Customer Tiering: Birthdays",
    "summary": "Remind account managers of the birthdays of their customers' people",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    # That of the add-on with the birthdays.
    "license": "AGPL-3",
    "depends": ["customer_tiering_followup", "partner_contact_birthdate"],
    "data": [
        "views/customer_followup_views.xml",
        "views/customer_tier_policy_views.xml",
    ],
    "auto_install": True,
    "installable": True,
}
