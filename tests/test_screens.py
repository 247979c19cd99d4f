"""Every menu opens and every button answers, with no data of ours and with the demo's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from odoo_processes import OdooProcesses

from environment.addons import all_addons

TAKES_MINUTES = True

# A button of which nobody told the walk: it calls a method that takes no ids.
PLANTED = "get_import_templates"
PLANT = f"""
view = env["ir.ui.view"].create({{
    "name": "planted", "model": "customer.standing", "mode": "extension",
    "inherit_id": env.ref("customer_tiering.customer_standing_view_list").id,
    "arch": '''
        <header position="inside">
            <button name="{PLANTED}" type="object" string="Planted" display="always" />
        </header>
    ''',
}})
env["ir.model.data"].create({{
    "module": "customer_tiering", "name": "planted", "model": view._name, "res_id": view.id,
}})
"""
ADDONS = [folder.name for folder in all_addons()]
WALK = f"from screen_walk import walk; result = walk(env, {ADDONS})"
# What the demo's first night does.
EVALUATE = """
env["customer.tier.policy"]._get_active().evaluate()
env.cr.commit()
"""


def test_without_data_and_with_a_button_added_later(
    clone_shared_database: Callable[..., str], tmp_path: Path
) -> None:
    odoo = OdooProcesses(clone_shared_database("screens"), tmp_path)
    walked = odoo.run(PLANT + WALK)
    odoo.end()
    planted = [failure for failure in walked["failures"] if PLANTED in failure]
    assert "customer.standing" in planted[0]
    assert f"customer.standing.{PLANTED}" in walked["pressed"]
    others = [failure for failure in walked["failures"] if failure not in planted]
    assert not others, "\n".join(others)
    for menu in (
        "Customer Tiers/Customers/Customer Scores",
        "Supply Partners/To Approve/Proposals",
    ):
        assert f"ir.ui.menu {menu}" in walked["opened"]


def test_with_the_demo_data(clone_demo_database: Callable[..., str], tmp_path: Path) -> None:
    odoo = OdooProcesses(clone_demo_database("screens"), tmp_path)
    odoo.run(EVALUATE)
    walked = odoo.run(WALK)
    odoo.end()
    assert not walked["failures"], "\n".join(walked["failures"])
    assert "vmi.proposal.action_approve" in walked["pressed"]
