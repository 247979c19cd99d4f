{
    "name": "Customer Tiering: Deliveries",
    "summary": "Reserve stock for better tiers first, and measure on-time deliveries by tier",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Sales/Sales",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "depends": ["customer_tiering", "sale_stock"],
    "data": ["views/stock_picking_views.xml"],
    "auto_install": True,
    "installable": True,
}
