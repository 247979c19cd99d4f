{
    "name": "Supply Partner: Dashboard",
    "summary": "Service, stock and orders of the agreements on a spreadsheet dashboard",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["spreadsheet_dashboard", "supply_partner_performance"],
    "data": ["data/spreadsheet_dashboards.xml"],
    "assets": {
        "spreadsheet.o_spreadsheet": ["supply_partner_dashboard/static/src/**/*.js"],
    },
    "installable": True,
}
