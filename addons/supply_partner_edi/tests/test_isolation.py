import inspect

from odoo.addons.supply_partner_vendor.tests.common_isolation import (
    MISSING,
    NOTHING,
    IsolationCase,
)
from odoo.exceptions import MissingError

from ..models.vmi_vendor import Sender
from .common import EdiCase
from .samples import response

RIGHTS = ("see", "answer", "announce")


class TestSenderIsolation(EdiCase, IsolationCase):
    """Acme sends messages; whatever they name, the service answers as to a user of Acme's."""

    def serve(self, rights=RIGHTS):
        sender = Sender(None, tuple(self.agreement.ids), rights)
        return self.env["vmi.vendor"]._serve_sender(sender, self.buyer, "en_US")

    def call(self, service, name, **ids):
        wanted = inspect.signature(self.public_methods()[name]).parameters
        given = {key: value for key, value in {**self.given, **ids}.items() if key in wanted}
        try:
            with self.env.cr.savepoint():
                return repr(getattr(service, name)(**given))
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def test_what_is_anothers_is_as_if_it_were_not(self):
        service, own, foreign = self.serve(), self.ids(self.own), self.ids(self.foreign)
        walked = 0
        for name, method in self.public_methods().items():
            for key in {*self.id_names} & inspect.signature(method).parameters.keys():
                missing = self.call(service, name, **{**own, key: MISSING})
                answer = self.call(service, name, **{**own, key: foreign[key]})
                self.assertEqual(missing, f"MissingError: {NOTHING}", (name, key))
                self.assertEqual(answer, missing, (name, key))
                walked += 1
        self.assertGreater(walked, 15)
        self.assert_unchanged()

    def test_a_sender_without_the_right_changes_nothing(self):
        service = self.serve(rights=("see",))
        self.assertIn(self.own.name, self.call(service, "get_proposals"))
        for name in ("answer_proposal", "refuse_proposal", "announce_shipment"):
            answer = self.call(service, name, **self.ids(self.own))
            self.assertEqual(answer, f"MissingError: {NOTHING}", name)
        self.assert_own_unchanged()

    def test_no_call_from_outside_is_taken_for_a_message(self):
        clerk = self.make_buyer("clerk", self.company, "base.group_user")
        for forged in (
            {"message_id": 1, "agreement_ids": [self.agreement.id], "rights": ["see", "answer"]},
            [1, [self.agreement.id], ["answer"], []],
            str(Sender(1, (self.agreement.id,), ("answer",))),
            True,
        ):
            for user in (self.guest, self.former, clerk):
                service = self.served(user).with_context(edi_sender=forged)
                with self.assertRaises(MissingError):
                    service.answer_proposal(self.own.id)
        self.assert_own_unchanged()

    def test_a_message_about_anothers_proposal_learns_nothing_of_it(self):
        foreign = self.receive(response(function="29", proposal=self.foreign.name))
        unknown = self.receive(response(function="29", proposal="P0"), reference="IC2")
        for message in (foreign, unknown):
            self.assert_error(message, "unknown_proposal")
        said = foreign.error_text.replace(self.foreign.name, "P0")
        self.assertEqual(said, unknown.error_text)
        self.assert_unchanged()
