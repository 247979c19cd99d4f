{
    "name": "Set-Based Runs",
    "summary": "Temporary tables and repeated transactions for work that is done in SQL",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tools",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["base"],
    "data": [],
    "installable": True,
}
