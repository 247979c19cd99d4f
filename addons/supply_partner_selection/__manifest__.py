{
    "name": "Supply Partner: Selection",
    "summary": "Choose a vendor by pairwise judgements (AHP), from the need to the agreement",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Customer Tiering contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["chart_canvas", "supply_partner"],
    "data": [],
    "installable": True,
}
