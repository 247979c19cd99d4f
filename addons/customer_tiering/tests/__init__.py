from importlib.util import find_spec

from . import (
    test_activity_plans,
    test_anniversaries,
    test_announcements,
    test_assessment,
    test_companies,
    test_default_policies,
    test_evaluation,
    test_explanation,
    test_follow_up_days,
    test_follow_ups,
    test_invoiced_basis,
    test_last_contacts,
    test_lenses,
    test_life_cycle,
    test_locks,
    test_merge_and_delete,
    test_metrics_registry,
    test_minimum_base,
    test_movement,
    test_order_metrics,
    test_outlook,
    test_partner_fields,
    test_preview,
    test_receivable_metrics,
    test_sale_orders,
    test_scales,
    test_scheduled_evaluation,
    test_screens,
    test_security,
    test_share_methods,
    test_spreading,
    test_validation,
)

# Comes with requirements-test.txt and not with Odoo.
if find_spec("hypothesis"):
    from . import test_properties
