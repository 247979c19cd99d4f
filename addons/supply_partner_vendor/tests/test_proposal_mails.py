from unittest.mock import patch

from odoo.exceptions import UserError

from .common import VendorCase


class TestProposalMails(VendorCase):
    """Whoever may answer for Acme is told of a new proposal, once."""

    def mails(self, proposal):
        return (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", proposal._name), ("res_id", "=", proposal.id)])
        )

    def reached(self, proposal):
        return self.mails(proposal).recipient_ids

    def test_who_may_answer_is_told_of_it(self):
        proposal = self.propose()
        self.assertEqual(self.reached(proposal), (self.anna | self.agent).partner_id)
        [mail] = self.mails(proposal)
        self.assertIn(proposal.name, mail.subject)
        self.assertIn(f"/my/supply/proposal/{proposal.id}", mail.body_html)
        self.assertIn("100 Units Screws", mail.body_html)
        # Nothing new, nothing told.
        self.assertFalse(self.propose())
        self.assertEqual(self.mails(proposal), mail)

    def test_each_in_the_language_of_the_user(self):
        self.env["res.lang"].sudo()._activate_lang("zh_CN")
        self.screws.sudo().with_context(lang="zh_CN").name = "螺丝"
        self.anna.sudo().lang = "zh_CN"
        mails = self.mails(self.propose())
        by_user = {mail.recipient_ids: mail.body_html for mail in mails}
        self.assertIn("螺丝", by_user[self.anna.partner_id])
        self.assertIn("Screws", by_user[self.agent.partner_id])

    def test_who_may_not_answer_is_not_told(self):
        self.access.can_answer = False
        self.agent.sudo().active = False
        self.assertFalse(self.mails(self.propose()))

    def test_an_agreement_may_keep_silent(self):
        self.agreement.mails_proposals = False
        self.assertFalse(self.mails(self.propose()))

    def test_what_the_buyer_decides_is_told_to_nobody(self):
        nails = self.make_product("Nails", self.vendor)
        agreement = self.make_agreement((nails, 5, 10), decision="buyer")
        self.assertFalse(self.mails(self.propose(agreement)))

    def test_a_template_that_fails_stops_no_review(self):
        template = type(self.env["mail.template"])
        with patch.object(template, "send_mail", side_effect=UserError("No such field")):
            proposal = self.propose()
        self.assertEqual(proposal.state, "sent")
        self.assertIn("No such field", "".join(proposal.message_ids.mapped("body")))
        self.env.ref("supply_partner_vendor.mail_template_proposal").sudo().unlink()
        self.agreement.line_ids.max_qty = 400
        self.assertFalse(self.mails(self.propose()))
