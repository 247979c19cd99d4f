from odoo import fields, models


class VmiAgreementLine(models.Model):
    """A line of a supply agreement: nothing is ordered from a vendor who is blocked."""

    _inherit = "vmi.agreement.line"

    problem = fields.Selection(
        selection_add=[("vendor_blocked", "The vendor is blocked by its score")],
        ondelete={"vendor_blocked": "set null"},
    )

    def _iterate_hindrances(self, company, kinds):
        """Add the lines of vendors who are blocked."""
        found = set()
        for line_id, problem in super()._iterate_hindrances(company, kinds):
            found.add(line_id)
            yield line_id, problem
        blocked = self.env["vendor.standing"]._get_blocked_ids(company)
        if blocked:
            for line in self.sudo():
                if line.id not in found and line.partner_id.commercial_partner_id.id in blocked:
                    yield line.id, "vendor_blocked"

    def _describe_problem(self, problem):
        if problem == "vendor_blocked":
            return self.env._(
                "%s is blocked by its score: a purchase manager can override its band, or close "
                "the agreement.",
                self.partner_id.display_name,
            )
        return super()._describe_problem(problem)
