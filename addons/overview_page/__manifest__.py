{
    "name": "Overview Page",
    "summary": "Show the figures of a day on one page, each of which opens what it counts",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tools",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["chart_canvas"],
    "data": [],
    "assets": {
        "web.assets_backend": ["overview_page/static/src/**/*"],
        "web.assets_unit_tests": ["overview_page/static/tests/**/*.test.js"],
    },
    "installable": True,
}
