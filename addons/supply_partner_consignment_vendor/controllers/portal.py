from odoo import http
from odoo.addons.supply_partner_vendor.controllers.portal import VendorPortal
from odoo.exceptions import MissingError, UserError
from odoo.http import request

from .texts import SettlementTexts

MODULE = "supply_partner_consignment_vendor"


class SettlementPortal(VendorPortal):
    """The vendor's pages of settlements."""

    @http.route(
        ["/my/supply/settlements", "/my/supply/settlements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_settlements(self, page=1, **_query):
        """Show the settlements, the newest first."""
        with self._served() as vendor:
            pages, found = self._read_page(vendor.get_settlements, "/my/supply/settlements", page)
            return self._render(
                "portal_settlements", "settlements", MODULE, pager=pages, settlements=found
            )

    @http.route(
        "/my/supply/settlement/<int:settlement_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_settlement(self, settlement_id, **_query):
        """Show one settlement, use by use."""
        with self._served() as vendor:
            return self._render_settlement(vendor, settlement_id)

    @http.route(
        "/my/supply/settlement/<int:settlement_id>/confirm",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def supply_confirm_settlement(self, settlement_id, number="", **_post):
        """Agree to what is not in dispute, with the number of the vendor's own invoice."""
        with self._served() as vendor:
            try:
                with request.env.cr.savepoint():
                    vendor.confirm_settlement(settlement_id, number)
            except MissingError:
                raise
            except UserError as error:
                return self._render_settlement(
                    vendor, settlement_id, error=str(error), number=number
                )
            return self._go_on(f"/my/supply/settlement/{settlement_id}", "settlement_confirmed")

    @http.route(
        "/my/supply/settlement/<int:settlement_id>/dispute/<int:settlement_line_id>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def supply_dispute_line(self, settlement_id, settlement_line_id, reason="", **_post):
        """Keep a line out of the bill until the buyer has decided about it."""
        with self._served() as vendor:
            try:
                with request.env.cr.savepoint():
                    vendor.dispute_settlement_line(settlement_id, settlement_line_id, reason)
            except MissingError:
                raise
            except UserError as error:
                return self._render_settlement(vendor, settlement_id, error=str(error))
            return self._go_on(f"/my/supply/settlement/{settlement_id}", "line_disputed")

    def _render_settlement(self, vendor, settlement_id, **values):
        settlement = vendor.get_settlement(settlement_id)
        return self._render(
            "portal_settlement",
            "settlements",
            MODULE,
            settlement=settlement,
            **{"error": None, "number": "", **values},
        )

    def _prepare_frame_values(self, page):
        vendor = request.env["vmi.vendor"]
        return {
            **super()._prepare_frame_values(page),
            "has_settlements": vendor._has_settlements(),
            "open_settlements": vendor._count_settlements(),
        }

    def _get_text_classes(self):
        return [SettlementTexts, *super()._get_text_classes()]
