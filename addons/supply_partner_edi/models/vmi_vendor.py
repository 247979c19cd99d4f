from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain


@dataclass(frozen=True)
class Sender:
    """Who sent a message, and may do what: no call from outside can put such an object in.

    :param message_id: the ``vmi.message``; None where something is written for the vendor
    :param agreement_ids: those that are exchanged by EDI
    :param rights: of ``see``, ``answer`` and ``announce``
    :param doubts: sentences why the buyer has to look at what the message says, whatever it says
    """

    message_id: int | None
    agreement_ids: tuple[int, ...]
    rights: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def get_sender(env):
    """Return who sent the message that is carried out; None where none is."""
    sender = env.context.get("edi_sender")
    return sender if isinstance(sender, Sender) else None


class VmiVendor(models.AbstractModel):
    """The vendor's service, served to whoever sent a message instead of a portal user.

    Everything else is as for a portal user: limits, prices, what is shown and what is not.
    """

    _inherit = "vmi.vendor"

    @api.model
    def _serve_sender(self, sender, buyer, lang):
        """Return the service for the sender of a message, at work in the buyer's name."""
        return self.with_user(buyer).with_context(edi_sender=sender, lang=lang)

    @api.model
    def _open(self, right="see"):
        sender = get_sender(self.env)
        if not sender:
            return super()._open(right)
        context = {"edi_sender": sender, "lang": self.env.context.get("lang") or "en_US"}
        service = self.env(su=True, context=context)[self._name]
        if right not in sender.rights:
            service._raise_missing()
        return service

    def _get_agreements(self, right="see"):
        sender = get_sender(self.env)
        if not sender:
            return super()._get_agreements(right)
        if right not in sender.rights:
            return self.env["vmi.agreement"]
        return self.env["vmi.agreement"].search(
            Domain("id", "in", sender.agreement_ids) & Domain("state", "!=", "draft")
        )
