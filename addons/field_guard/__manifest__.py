{
    "name": "Field Guard",
    "summary": "Refuse what is no number and what only the program writes, on any model",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tools",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["web"],
    "data": [],
    "installable": True,
}
