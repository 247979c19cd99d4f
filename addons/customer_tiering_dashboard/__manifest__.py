{
    "name": "Customer Tiering: Dashboard",
    "summary": "Customers, tiers, moves and kept service levels on a spreadsheet dashboard",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "spreadsheet_dashboard"],
    "data": ["data/spreadsheet_dashboards.xml"],
    "assets": {
        "spreadsheet.o_spreadsheet": ["customer_tiering_dashboard/static/src/**/*.js"],
    },
    "installable": True,
}
