from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command

from .common import TieringCase

# Ranks that are close together, as tiers made in another program have them.
METALS = (("gold", 80), ("silver", 60), ("tin", 30), ("bronze", 0))


@freeze_time("2026-06-10 12:00:00")
class TestDirections(TieringCase):
    """Which way a move goes is decided once, and everybody goes by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=0, one_step_downgrade=False)
        cls.anna = cls.make_member("direction_anna", "sales_team.group_sale_salesman")
        cls.anna.write({"tells_upgrades": True, "tells_downgrades": True})
        # Acme is a VIP with 90 points, Bolt is Important with 65.
        cls.acme = cls.make_customer("Acme", user_id=cls.anna.id)
        cls.bolt = cls.make_customer("Bolt", user_id=cls.anna.id)
        cls.make_order(cls.acme, 90, "2026-05-01")
        cls.make_order(cls.bolt, 65, "2026-05-01")
        cls.policy.evaluate("2026-06-09")

    def moves(self, partner):
        """Return the ledger's moves since the class was set up, as (reason, direction)."""
        moves = self.env["customer.standing.change"].search(
            [("partner_id", "=", partner.id), ("date", ">", "2026-06-09")], order="id"
        )
        return [(move.reason, move.direction) for move in moves]

    def told(self, partner):
        """Have what follows from moves done; return which kinds of news were told."""
        with self.enter_registry_test_mode():
            self.env.ref("customer_tiering.ir_cron_settle").method_direct_trigger()
        self.env.invalidate_all()
        names = {
            self.env.ref(f"customer_tiering.mt_tier_{name}"): name
            for name in ("upgrade", "downgrade")
        }
        return [
            names[message.subtype_id]
            for message in self.env["mail.message"].search(
                [("model", "=", "res.partner"), ("res_id", "=", partner.id)]
            )
            if message.subtype_id in names
        ]

    def succeed(self, *tiers, first=10, step=1):
        """Let a policy with other tiers rank."""
        successor = self.policy.copy(
            {
                "tier_ids": [
                    Command.create(
                        {
                            "name": code.capitalize(),
                            "code": code,
                            "min_score": min_score,
                            "sequence": first + step * place,
                        }
                    )
                    for place, (code, min_score) in enumerate(tiers)
                ]
            }
        )
        successor._take_over()
        successor.evaluate("2026-06-10")
        return successor

    def test_the_same_place_in_another_policy_is_neither_up_nor_down(self):
        self.succeed(*METALS, step=10)
        self.assertEqual(self.standing(self.acme).tier_id.code, "gold")
        self.assertEqual(self.moves(self.acme), [("replaced", "level")])
        self.assertEqual(self.moves(self.bolt), [("replaced", "level")])
        self.assertEqual(self.told(self.acme) + self.told(self.bolt), [])

    def test_lower_in_another_policy_is_down_whatever_its_numbers(self):
        self.succeed(("gold", 80), ("silver", 75), ("tin", 70), ("bronze", 0))
        self.assertEqual(self.standing(self.bolt).tier_id.code, "bronze")
        self.assertEqual(self.moves(self.bolt), [("downgrade", "down")])
        self.assertEqual(self.told(self.bolt), ["downgrade"])

    def test_higher_in_another_policy_is_up_whatever_its_numbers(self):
        self.succeed(("gold", 50), ("bronze", 0), first=900)
        self.assertEqual(self.moves(self.bolt), [("upgrade", "up")])
        self.assertEqual(self.told(self.bolt), ["upgrade"])

    def test_between_policies_the_share_of_tiers_above_decides(self):
        # Important is the second of four, with a quarter above it; bronze has half above it.
        self.succeed(("gold", 80), ("bronze", 0))
        self.assertEqual(self.moves(self.bolt), [("downgrade", "down")])

    def test_the_third_of_eight_is_as_high_as_the_second_of_four(self):
        bounds = (95, 91, 60, 50, 40, 30, 20, 0)
        self.succeed(*((f"step_{bound}", bound) for bound in bounds))
        self.assertEqual(self.standing(self.bolt).tier_id.code, "step_60")
        self.assertEqual(self.moves(self.bolt), [("replaced", "level")])

    def test_out_of_an_archived_tier_of_the_same_policy(self):
        self.important.active = False
        self.policy.evaluate("2026-06-10")
        self.assertEqual(self.moves(self.bolt), [("downgrade", "down")])

    def test_a_override_goes_up_or_down_and_so_does_its_end(self):
        override = self.env["customer.tier.override"].create(
            {
                "partner_id": self.bolt.id,
                "tier_id": self.ordinary.id,
                "reason": "Contract",
                "company_id": self.company.id,
                "date_end": "2026-12-31",
            }
        )
        self.assertEqual(self.moves(self.bolt), [("manual", "down")])
        self.assertEqual(self.told(self.bolt), ["downgrade"])
        override.action_remove()
        self.policy.evaluate("2026-06-11")
        self.assertEqual(self.moves(self.bolt)[1:], [("override_expired", "up")])
        self.assertEqual(sorted(self.told(self.bolt)), ["downgrade", "upgrade"])

    def test_kept_out_is_down_and_the_return_up(self):
        override = self.env["customer.tier.override"].create(
            {
                "partner_id": self.bolt.id,
                "reason": "Our own",
                "company_id": self.company.id,
                "date_end": False,
            }
        )
        override.action_remove()
        self.policy.evaluate("2026-06-11")
        self.assertEqual(self.moves(self.bolt), [("manual", "down"), ("override_expired", "up")])

    def test_the_next_tiers_go_by_the_places_of_the_tiers(self):
        self.assertEqual(self.important._get_neighbours(), (self.vip, self.ordinary))
        self.assertEqual(self.vip._get_neighbours()[0].ids, [])
        self.assertEqual(self.potential._get_neighbours()[1].ids, [])
        self.important.active = False
        self.assertEqual(self.important._get_neighbours(), (self.vip, self.ordinary))
        self.assertEqual(self.ordinary._get_neighbours(), (self.vip, self.potential))

    def test_the_better_standing_of_two_policies_survives_a_merge(self):
        successor = self.succeed(("gold", 80), ("silver", 75), ("tin", 70), ("bronze", 0))
        tin = successor._get_tiers()[2]
        self.standing(self.bolt).tier_id = tin
        # Left by the former policy, with a number above all of the present tiers.
        self.standing(self.acme).tier_id = self.important
        self.env.flush_all()
        self.env["customer.standing"]._keep_best(self.bolt, self.acme)
        self.assertEqual(self.standing(self.acme).tier_id, self.important)
        self.assertFalse(self.standing(self.bolt))


class TestRanks(TieringCase):
    """No two tiers of a policy have the same rank, however they come about."""

    def test_the_same_rank_is_refused_by_name(self):
        with self.assertRaisesRegex(
            ValidationError, "VIP and Important of policy .* have the same Rank, 10"
        ):
            self.important.sequence = self.vip.sequence
        with self.assertRaisesRegex(ValidationError, "the same Rank"):
            self.policy.tier_ids = [Command.update(self.important.id, {"sequence": 10})]

    def test_an_archived_tier_does_not_count_until_it_is_back(self):
        self.important.active = False
        self.important.sequence = self.vip.sequence
        with self.assertRaisesRegex(ValidationError, "the same Rank"):
            self.important.active = True

    def test_a_new_tier_is_the_lowest(self):
        self.potential.min_score = 5
        new = self.env["customer.tier"].create(
            [
                {"name": name, "code": name, "policy_id": self.policy.id, "min_score": score}
                for name, score in (("low", 3), ("lowest", 0))
            ]
        )
        self.assertEqual(self.policy._get_tiers()[-3:], self.potential | new)
        self.policy.tier_ids = [
            Command.update(self.policy._get_tiers()[-1].id, {"min_score": 1}),
            Command.create({"name": "Last", "code": "last", "min_score": 0}),
        ]
        self.assertEqual(self.policy._get_tiers()[-1].code, "last")

    def test_a_policy_is_made_with_tiers_without_ranks(self):
        policy = self.policy.copy(
            {
                "tier_ids": [
                    Command.create({"name": code, "code": code, "min_score": score})
                    for code, score in METALS
                ]
            }
        )
        self.assertEqual(policy._get_tiers().mapped("code"), [code for code, _score in METALS])

    def test_tiers_are_dragged_into_another_order(self):
        self.policy.method = "top_share"
        self.potential.share = 0.1
        order = [self.important, self.vip, self.potential, self.ordinary]
        tiers = self.env["customer.tier"].browse([tier.id for tier in order])
        tiers.web_resequence({"sequence": {}}, "sequence", 10)
        self.assertEqual(self.policy._get_tiers(), tiers)
