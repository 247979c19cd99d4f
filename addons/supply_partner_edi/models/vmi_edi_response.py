from odoo import api, models
from odoo.tools import float_compare, format_amount

from ..tools import EdifactError, RefusalError, find_item


class VmiEdiResponse(models.AbstractModel):
    """From the vendor's answer to Odoo: to the proposal that was asked, or to a new one."""

    _name = "vmi.edi.response"
    _description = "EDI: Answers and Offers"

    @api.model
    def _take(self, message, response, agreements, about):
        """Carry out an ``OrderResponse``.

        :param agreements: those of the vendor that are exchanged by EDI
        :param about: is given those that the message is about
        :return: what came of it, in words
        :raise EdifactError: for what it means that is not there
        """
        if response.proposal:
            return self._answer(message, response, agreements, about)
        return self._offer(message, response, agreements, about)

    def _answer(self, message, response, agreements, about):
        service = message._serve(agreements, "answer")._open("answer")
        proposal = service.env["vmi.proposal"].search(
            [
                *service._get_proposals_domain(agreements),
                ("name", "=", response.proposal),
            ],
            limit=1,
        )
        if not proposal:
            raise EdifactError(
                "unknown_proposal", response.reference_segment, "RFF", reference=response.proposal
            )
        agreement = proposal.agreement_id
        about.append(agreements.browse(agreement.id))
        lines = self._match(response, proposal.line_ids.line_id)
        by_terms = {line.line_id.id: line for line in proposal.line_ids}
        quantities = {by_terms[key]: quantity for key, (quantity, _line) in lines.items()}
        service = message._serve(agreement, "answer", self._get_doubts(response, lines, by_terms))
        proposal.sudo().edi_message_id = message
        answered = {line: quantities.get(line, line.vendor_qty) for line in proposal.line_ids}
        if response.action == "refused" or not any(answered.values()):
            return self._refuse(message, response, service, proposal)
        if response.action == "confirmed":
            self._check_confirmed(lines, by_terms)
        found = service.answer_proposal(
            proposal.id,
            [{"line_id": line.id, "quantity": value} for line, value in quantities.items()],
        )
        if found["state"] == "ordered":
            return self.env._(
                "%(proposal)s was answered and ordered: %(orders)s",
                proposal=proposal.name,
                orders=", ".join(found["orders"]),
            )
        return self.env._("%s was answered and waits for the buyer.", proposal.name)

    def _refuse(self, message, response, service, proposal):
        reason = response.reason or self.env._("Refused by EDI message %s.", message.name)
        if message.channel == "mail":
            # Whoever writes an email could end proposals otherwise.
            proposal = service._open("answer")._find_proposal(proposal.id, "answer")
            proposal._prepare_answer()
            proposal._hold(
                self.env._("The vendor refuses by email, which proves no sender: %s", reason)
            )
            return self.env._("%s is refused, and waits for the buyer.", proposal.name)
        service.refuse_proposal(proposal.id, reason)
        return self.env._("%s was refused.", proposal.name)

    def _check_confirmed(self, lines, by_terms):
        """Raise EdifactError where all is confirmed, but another quantity named."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for key, (quantity, line) in lines.items():
            proposed = by_terms[key]
            if float_compare(quantity, proposed.suggested_qty, precision_digits=digits):
                raise EdifactError(
                    "contradiction",
                    line.segment,
                    "LIN",
                    product=proposed.product_id.display_name,
                    said=proposed._format_quantity(quantity),
                    proposed=proposed._format_quantity(proposed.suggested_qty),
                )

    def _get_doubts(self, response, lines, by_terms):
        """Return why the buyer has to look at the prices that the message names."""
        doubts = []
        for key, (_quantity, line) in lines.items():
            proposed = by_terms[key]
            if line.price is None:
                continue
            doubts.append(
                self._compare_price(response, line.price, proposed.unit_price, proposed.line_id)
            )
        return [doubt for doubt in doubts if doubt]

    def _compare_price(self, response, price, held, terms):
        """Return why a price is not the agreed one; None where it is no more than that."""
        currency = terms.currency_id
        product = terms.product_id.display_name
        if response.currency and response.currency != currency.name:
            return self.env._(
                "%(product)s: its price is in %(said)s, ours in %(currency)s.",
                product=product,
                said=response.currency,
                currency=currency.name,
            )
        known = min(one for one in (held, terms.agreed_price or held) if one or not held)
        if float_compare(price, known, precision_digits=6) <= 0:
            return None
        return self.env._(
            "%(product)s: the vendor names a price of %(price)s, above %(held)s.",
            product=product,
            price=format_amount(self.env, price, currency),
            held=format_amount(self.env, known, currency),
        )

    def _offer(self, message, response, agreements, about):
        agreement = self._choose(response, agreements)
        about.append(agreements.browse(agreement.id))
        lines = {
            terms: pair
            for terms, pair in self._match(response, agreement.line_ids).items()
            if pair[0]
        }
        if not lines:
            raise EdifactError("no_lines")
        # Whoever may not answer may not offer.
        service = message._serve(agreement, "answer")._open("answer")
        quantities = {
            service.env["vmi.agreement.line"].browse(key): quantity
            for key, (quantity, _line) in lines.items()
        }
        for terms, quantity in quantities.items():
            service.env["vmi.proposal.line"].new(
                {"product_id": terms.product_id.id}
            )._check_vendor_answer(quantity)
        reasons = [self.env._("The vendor offers it by EDI; nobody asked."), response.reason]
        for terms in quantities:
            price = lines[terms.id][1].price
            seller = terms._get_vendor_row(quantity=quantities[terms])
            if price is not None:
                reasons.append(self._compare_price(response, price, seller.price, terms))
        if message.channel == "mail":
            reasons.append(self.env._("It came by email, which proves no sender."))
        own = service.env["vmi.proposal"].with_context(allowed_company_ids=agreement.company_id.ids)
        proposal = own._offer(
            service.env["vmi.agreement"].browse(agreement.id),
            quantities,
            "\n".join(reason for reason in reasons if reason),
        )
        proposal.edi_message_id = message.id
        return self.env._("The offer became %s, which waits for the buyer.", proposal.name)

    def _choose(self, response, agreements):
        """Return the agreement that an offer is about."""
        running = agreements.filtered(lambda one: one.state == "running")
        if response.agreement:
            found = running.filtered(lambda one: one.name == response.agreement)
            if len(found) != 1:
                raise EdifactError(
                    "unknown_agreement",
                    response.reference_segment,
                    "RFF",
                    reference=response.agreement,
                )
            return found
        if response.place_gln:
            running = running.filtered(
                lambda one: (
                    one.warehouse_id.partner_id.sudo().global_location_number == response.place_gln
                )
            )
        if len(running) != 1:
            raise EdifactError("which_agreement", count=len(running))
        return running

    def _match(self, response, terms):
        """Return by the id of the agreement's line a pair of quantity and line of the message.

        Quantities are in the product's unit; what is confirmed as it stands is left out.
        """
        known = terms._get_edi_known()
        found, errors = {}, []
        for line in response.lines:
            try:
                key = find_item(line.item, known, line.segment)
                product = terms.browse(key).product_id
                if key in found:
                    raise EdifactError(
                        "item_twice", line.segment, "LIN", product=product.display_name
                    )
                if line.quantity is not None:
                    quantity = product.uom_id._from_edi(line.quantity, line.unit, line.segment,
                                                        product)  # fmt: skip
                    found[key] = (quantity, line)
            except EdifactError as error:
                errors.append(error)
        if errors:
            raise RefusalError(errors)
        return found
