"""The demo company: two years of a made-up wholesaler, and what the add-ons made of them.

``python -m demo -d DATABASE`` writes it into a database that has the add-ons and no data yet. All
is drawn from one seed and dated relative to today; docs/demo-company.md tells the story.
"""
