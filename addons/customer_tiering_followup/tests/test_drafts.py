from freezegun import freeze_time

from odoo.fields import Command

from .common import PlanCase


@freeze_time("2026-06-10 12:00:00")
class TestDrafts(PlanCase):
    """A draft of a policy changes its segment plans, too, and nobody enters a segment anew."""

    def test_a_segment_plan_stays_the_record_that_customers_entered_by(self):
        self.policy.segment_plan_ids = [
            Command.create({"segment": "lapsing", "plan_id": self.win_back.id}),
            Command.create({"segment": "lost", "plan_id": self.win_back.id}),
        ]
        lapsing, lost = self.policy.segment_plan_ids
        draft = self.policy._make_draft()
        draft.segment_plan_ids[0].cooldown_days = 30
        draft.segment_plan_ids[1].unlink()
        draft.segment_plan_ids = [
            Command.create({"segment": "mvc", "plan_id": self.welcome.id}),
        ]
        draft.keeps_anniversaries = True
        draft.simulate().action_publish(recalculates=False)
        self.assertEqual((lapsing.policy_id, lapsing.cooldown_days), (self.policy, 30))
        self.assertFalse(lost.exists())
        self.assertEqual(
            self.policy.segment_plan_ids.sorted("id").mapped("segment"), ["lapsing", "mvc"]
        )
        self.assertTrue(self.policy.keeps_anniversaries)
