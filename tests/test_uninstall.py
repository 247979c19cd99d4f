"""An add-on that is uninstalled with data in it leaves nothing behind, and Odoo works on."""

from __future__ import annotations

import psycopg2
import pytest

# Each finds the names of what is left of customer_tiering.
LEFT_OVERS = {
    "tables": "SELECT tablename FROM pg_tables WHERE tablename ~ '^customer_(tier|standing|care)'",
    "columns": """
        SELECT column_name FROM information_schema.columns
         WHERE column_name
             ~ '^(customer_(tier|standing|score|size|yearly_spend|capacity)|tells_|follow_ups_per_)'
    """,
    "models": "SELECT model FROM ir_model WHERE model ~ '^customer\\.(tier|standing|care)'",
    "fields": "SELECT name FROM ir_model_fields WHERE name ~ '^(customer_(tier|standing)|tells_)'",
    "records": "SELECT name FROM ir_model_data WHERE module ~ '^customer_tiering'",
    "views": "SELECT name FROM ir_ui_view WHERE arch_db::text ~ 'customer_(tier|standing|score)'",
    "actions": """
        SELECT name FROM ir_act_window WHERE res_model ~ '^customer\\.(tier|standing|care)'
    """,
    "scheduled actions": "SELECT cron_name FROM ir_cron WHERE cron_name ~ 'Tiering'",
    "activities": "SELECT summary FROM mail_activity WHERE automated AND active",
    "activity types": "SELECT name FROM mail_activity_type WHERE name::text ~ 'Customer '",
    "activity plans": "SELECT name FROM mail_activity_plan WHERE res_model = 'res.partner'",
    "subtypes": "SELECT name FROM mail_message_subtype WHERE name::text ~ 'Tier '",
    "messages": "SELECT subject FROM mail_message WHERE model ~ '^customer\\.(tier|standing)'",
    "followers": "SELECT id FROM mail_followers WHERE res_model ~ '^customer\\.(tier|standing)'",
}

# A customer with a standing, a ledger, a lock, a preview, an announcement, care and own figures.
FILL = """
acme = env["res.partner"].create(
    {"name": "Acme", "is_company": True, "customer_size": "small", "customer_yearly_spend": 100}
)
advice = env["product.product"].create({"name": "Advice", "type": "service", "list_price": 90})
order = env["sale.order"].create(
    {"partner_id": acme.id, "order_line": [(0, 0, {"product_id": advice.id})]}
)
order.action_confirm()
admin = env.ref("base.user_admin")
admin.tells_demotions = True
demotion = env.ref("customer_tiering.mt_tier_demotion")
acme.message_subscribe(admin.partner_id.ids, demotion.ids)
policy = env["customer.tier.policy"]._get_active()
policy.evaluate()
lowest = policy._get_ladder()[-1]
lock = env["customer.tier.lock"].create(
    {"partner_id": acme.id, "tier_id": lowest.id, "reason": "Agreed"}
)
env["customer.standing.change"]._announce(lambda **_progress: 1)
preview = policy.simulate()
assert acme.customer_tier_id == lowest and acme.message_ids.subtype_id >= demotion
assert preview.preview_move_ids
level = env["customer.service.level"].create(
    {"name": "Yearly", "followup_days": 1, "user_id": admin.id}
)
lowest.service_level_id = level
order.date_order = "2020-01-01"
plan = env.ref("customer_tiering.activity_plan_review")
lowest.arrival_plan_id = lowest.departure_plan_id = plan
env["customer.tier.cell.plan"].create(
    {"policy_id": policy.id, "cell": "mvc", "plan_id": plan.id, "for_present": True}
)
env["customer.care"]._cron_plan()
follow_up = env["customer.care"].search([("kind", "=", "follow_up")]).activity_id
assert follow_up and env["customer.care"].search([("kind", "=", "plan")])
follow_up.action_feedback("Talked")
env.cr.commit()
"""

ORDER = """
order = env["sale.order"].search([("partner_id.name", "=", "Acme")]).copy()
order.action_confirm()
assert order.state == "sale"
env["res.partner"].get_views([(False, "form"), (False, "list"), (False, "search")])
env.ref("base.user_admin").read()
env.cr.commit()
"""


@pytest.fixture
def run_script(run_program):
    """Run lines of Python in Odoo's shell."""

    def run(database: str, lines: str):
        ended = run_program("bin/odoo", "shell", "-d", database, "--no-http", typed=lines)
        assert ended.returncode == 0, ended.stderr

    return run


def test_uninstalling_leaves_nothing(clone_database, run_program, run_script):
    database = clone_database("uninstall")
    run_script(database, FILL)
    ended = run_program("bin/odoo", "module", "uninstall", "-d", database, "customer_tiering")
    assert ended.returncode == 0, ended.stderr
    assert " ERROR " not in ended.stderr
    connection = psycopg2.connect(dbname=database)
    with connection.cursor() as cursor:
        left = {}
        for kind, query in LEFT_OVERS.items():
            cursor.execute(query)
            left[kind] = cursor.fetchall()
    connection.close()
    assert not {kind: rows for kind, rows in left.items() if rows}
    run_script(database, ORDER)
