{
    "name": "Chart Canvas",
    "summary": "Draw charts that follow the colours of the screen and can be read aloud",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tools",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["web"],
    "data": [],
    "assets": {
        "web.assets_backend": ["chart_canvas/static/src/**/*"],
        "web.assets_unit_tests": ["chart_canvas/static/tests/**/*.test.js"],
    },
    "installable": True,
}
