from odoo import api, fields, models


class VmiMessageError(models.Model):
    """What is wrong with a message: in which segment, and why, in the reader's language."""

    _name = "vmi.message.error"
    _description = "Error in an EDI Message"
    _order = "message_id, segment, id"
    _rec_name = "tag"

    message_id = fields.Many2one(
        "vmi.message", "EDI Message", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="message_id.company_id", store=True, precompute=True)
    segment = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Its number in the interchange, UNB being 1. 0: the message as a whole.",
    )
    tag = fields.Char("Segment Tag", readonly=True)
    code = fields.Char(required=True, readonly=True)
    details = fields.Json(readonly=True)
    reason = fields.Text(compute="_compute_reason")

    @api.depends_context("lang")
    @api.depends("code", "details")
    def _compute_reason(self):
        for error in self:
            error.reason = error._put_into_words(error.code, error.details or {})

    @api.model
    def _put_into_words(self, code, details):
        """Return why a message cannot be used, and the way out where there is one."""
        words = {**self._get_envelope_words(), **self._get_content_words()}
        if code not in words:
            return details.get("text") or code
        try:
            return words[code] % details
        except KeyError:
            return code

    def _get_envelope_words(self):
        """Return the reasons by code that are about the interchange, with places for details."""
        return {
            "empty": self.env._("The file is empty."),
            "no_file": self.env._("The email has no file attached."),
            "too_large": self.env._("The file is larger than %(most)s MB: send it in parts."),
            "too_many_segments": self.env._("There are more than %(most)s segments."),
            "too_many_messages": self.env._(
                "There are more than %(most)s messages: send them in several interchanges."
            ),
            "bad_una": self.env._(
                "UNA names %(signs)s for service characters: they must differ from each other and "
                "from letters, digits and spaces, and the decimal mark is . or ,"
            ),
            "no_unb": self.env._("The interchange does not begin with UNB."),
            "second_unb": self.env._("A second interchange begins: send each in its own file."),
            "no_unz": self.env._("UNZ is missing: the file was cut off, or is not complete yet."),
            "second_unz": self.env._("UNZ stands before the end."),
            "behind_unz": self.env._("Something follows behind UNZ."),
            "cut_off": self.env._("The last segment has no end: the file was cut off."),
            "group": self.env._("Functional groups (UNG, UNE) are not taken: leave them out."),
            "outside": self.env._("The segment stands in no message."),
            "no_message": self.env._("The interchange holds no message."),
            "message_twice": self.env._(
                "The message reference %(reference)s is there twice in the interchange."
            ),
            "no_unt": self.env._("UNT is missing: the message before has no end."),
            "unt_count": self.env._("UNT counts %(said)s segments, there are %(count)s."),
            "unt_reference": self.env._("UNT names %(said)s, but UNH names %(reference)s."),
            "unz_count": self.env._("UNZ counts %(said)s messages, there are %(count)s."),
            "unz_reference": self.env._("UNZ names %(said)s, but UNB names %(reference)s."),
            "bad_tag": self.env._("%(text)s is no name of a segment."),
            "unreadable": self.env._("The segment cannot be read: %(reason)s"),
            "unknown_charset": self.env._(
                "%(charset)s is no charset that is known: use UNOA to UNOK, UNOW or UNOY."
            ),
            "not_decodable": self.env._(
                "By UNB the charset is %(charset)s, but byte %(place)s, %(byte)s, is no letter of "
                "it."
            ),
            "control_character": self.env._(
                "Letter %(place)s is the control character %(byte)s, which no text has: is the "
                "charset in UNB right?"
            ),
            "not_encodable": self.env._(
                "The charset %(charset)s has no %(letter)s, as in: %(text)s. Choose another "
                "charset for this vendor; UNOY has all letters."
            ),
            "no_number": self.env._(
                "%(product)s has no bar code, no code of ours and none of the vendor's: enter one, "
                "so that the vendor knows which product it is."
            ),
            "missing": self.env._("What must be there is missing: %(name)s."),
            "too_long": self.env._("%(value)s is longer than %(most)s letters."),
            "conflict": self.env._(
                "Interchange %(interchange)s, message %(reference)s came before with other "
                "content. Nothing was done: the vendor has to send it under a new reference."
            ),
            "wrong_sender": self.env._(
                "It was sent by %(said)s; the GLN of this vendor is %(expected)s."
            ),
            "wrong_receiver": self.env._("It is meant for %(said)s; our GLN is %(expected)s."),
            "test": self.env._("The interchange is marked as a test: nothing was done."),
            "folder": self.env._("The file could not be written: %(text)s"),
            "incomplete": self.env._("Nothing can be sent yet: %(text)s"),
        }

    def _get_content_words(self):
        """Return the reasons by code that are about what a message says."""
        return {
            "unknown_kind": self.env._("Messages of the kind %(kind)s are not taken."),
            "not_taken": self.env._(
                "Messages of the kind %(kind)s are not taken from this vendor."
            ),
            "wrong_version": self.env._("The version is %(version)s; D.96A is taken."),
            "no_bgm": self.env._("The message does not begin with BGM."),
            "bad_document": self.env._("%(code)s is no document of this kind: %(known)s are."),
            "bad_function": self.env._("The message function %(code)s is not taken."),
            "bad_action": self.env._("The line's action %(code)s is not taken."),
            "bad_number": self.env._(
                "%(text)s is no quantity or price: digits, with %(mark)s as decimal mark, from 0 "
                "to 100,000,000."
            ),
            "bad_day": self.env._("%(text)s is no day in the format %(format)s."),
            "no_arrival": self.env._("The day of arrival (DTM 17 or 132) is missing."),
            "no_lines": self.env._("The message names no products."),
            "too_many_lines": self.env._("There are more than %(most)s lines."),
            "no_item": self.env._("The line does not name its product."),
            "no_quantity": self.env._("The line names no quantity."),
            "quantity_twice": self.env._("The line names the quantity %(code)s twice."),
            "refused_quantity": self.env._("The line is refused, but names a quantity."),
            "contradiction": self.env._(
                "The message confirms all, but names %(said)s of %(product)s instead of "
                "%(proposed)s."
            ),
            "several_lots": self.env._(
                "The line names several lots: send a line for each, with its quantity."
            ),
            "serial_count": self.env._(
                "The line names %(count)s serial numbers, but a quantity of %(said)s."
            ),
            "identity_range": self.env._(
                "The number %(text)s begins a range: name each number by itself."
            ),
            "no_order": self.env._("The line does not say of which order it is (RFF+ON)."),
            "unknown_item": self.env._("No product of the agreement has the number %(text)s."),
            "ambiguous_item": self.env._(
                "The numbers %(text)s mean more than one product of the agreement."
            ),
            "item_twice": self.env._("%(product)s is there twice."),
            "not_proposed": self.env._("%(product)s is not in the proposal %(proposal)s."),
            "not_ordered": self.env._("%(text)s is not in the order %(order)s."),
            "unknown_unit": self.env._("%(code)s is no code of a unit that is known."),
            "wrong_unit": self.env._("%(product)s is measured in %(unit)s, not in %(code)s."),
            "unknown_proposal": self.env._(
                "This vendor was sent no proposal %(reference)s. Leave the reference out for what "
                "nobody asked for."
            ),
            "unknown_order": self.env._("This vendor has no order %(reference)s."),
            "unknown_agreement": self.env._("There is no running agreement %(reference)s."),
            "which_agreement": self.env._(
                "There are %(count)s running agreements: name one (RFF+CT), or its place by GLN "
                "(NAD+DP)."
            ),
            "document_again": self.env._(
                "The document %(number)s came before with other content, in %(message)s. Nothing "
                "was done: the vendor has to send it under a new number."
            ),
        }
