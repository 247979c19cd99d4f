{
    "name": "Customer Tiering: Margin",
    "summary": "Judge customers by the margin of their orders",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "website": "https://github.com/OCA/sale-workflow",
    "author": "Customer Tiering contributors, Odoo Community Association (OCA)",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "sale_margin"],
    "auto_install": True,
    "installable": True,
}
