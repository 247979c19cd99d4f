from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestBundle(TransactionCase):
    """What draws charts is there for every screen."""

    def test_the_components_are_in_the_web_client(self):
        paths = self.env["ir.asset"]._get_asset_paths("web.assets_backend", {})
        urls = {path[0] for path in paths}
        for name in ("chart_canvas/chart_canvas", "chart_field/chart_field"):
            for suffix in ("js", "xml"):
                self.assertIn(f"/chart_canvas/static/src/{name}.{suffix}", urls)
