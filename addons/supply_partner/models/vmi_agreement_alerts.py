from markupsafe import Markup

from odoo import models
from odoo.tools import SQL, format_date

from ..engine import update_alerts
from .vmi_alert import ALERT_KINDS

# A note names so many products; the others are counted.
PRODUCTS_NAMED = 20


class VmiAgreementAlerts(models.Model):
    """How buyers hear of what a review found: an activity per agreement and kind of alert.

    Each product is told of once as long as its state lasts, even when the activity was done or
    deleted before; its activity is closed when the state of all its products has ended.
    """

    _inherit = "vmi.agreement"

    def _review_company(self, company):
        proposals = super()._review_company(company)
        update_alerts(self.env.cr, self.ids)
        self._tell_alerts()
        return proposals

    def action_suspend(self):
        result = super().action_suspend()
        self._end_alerts()
        return result

    def action_close(self):
        result = super().action_close()
        self._end_alerts()
        return result

    def _end_alerts(self):
        """Forget all alerts: nothing is done about these products any more."""
        self.env["vmi.alert"].sudo().search([("agreement_id", "in", self.ids)]).unlink()
        self.sudo()._tell_alerts()

    def _tell_alerts(self):
        """Bring the activities in line with the alerts."""
        self.env["vmi.alert"].invalidate_model(flush=False)
        activities = {
            (activity.res_id, activity.activity_type_id): activity
            for activity in self._get_alert_activities()
        }
        for agreement_id, kind in self._get_untold():
            key = (agreement_id, self._get_alert_type(kind))
            agreement = self.browse(agreement_id)
            self._attempt(
                lambda agreement=agreement, kind=kind, key=key: agreement._tell_alert(
                    kind, activities.get(key)
                )
            )
        for activity in self._get_alert_activities():
            agreement = self.browse(activity.res_id)
            self._attempt(
                lambda agreement=agreement, activity=activity: agreement._update_activity(activity)
            )

    def _get_alert_types(self):
        """Return the activity types by kind; somebody may have deleted one."""
        return {
            kind: self.env.ref(f"supply_partner.mail_activity_{kind}", raise_if_not_found=False)
            or self.env.ref("mail.mail_activity_data_warning")
            for kind, _label in ALERT_KINDS
        }

    def _get_alert_type(self, kind):
        return self._get_alert_types()[kind]

    def _get_alert_activities(self):
        """Return the open activities that were made for alerts."""
        types = self.env["mail.activity.type"].union(*self._get_alert_types().values())
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "in", types.ids),
                ("automated", "=", True),
            ]
        )

    def _get_untold(self):
        """Return pairs of agreement id and kind with an alert that nobody was told of."""
        return self.env.execute_query(
            SQL(
                "SELECT DISTINCT agreement_id, kind FROM vmi_alert "
                "WHERE agreement_id = ANY(%s) AND NOT is_told ORDER BY 1, 2",
                self.ids,
            )
        )

    def _tell_alert(self, kind, activity=None):
        """Let the acting buyer know of the new alerts of a kind, by the open activity if any."""
        self.ensure_one()
        if not activity:
            activity = self.activity_schedule(
                activity_type_id=self._get_alert_type(kind).id,
                date_deadline=self.company_id._vmi_today(),
                user_id=self._get_acting_buyer().id,
            )
        self.env.cr.execute(
            SQL(
                "UPDATE vmi_alert SET is_told = TRUE, activity_id = %s "
                "WHERE agreement_id = %s AND kind = %s AND NOT is_told",
                activity.id,
                self.id,
                kind,
            )
        )

    def _update_activity(self, activity):
        """Let an activity name the products whose state lasts; close it when there are none."""
        self.ensure_one()
        buyer = self._get_acting_buyer()
        products = self._describe_alerts(activity, buyer)
        if not products:
            activity.action_feedback(feedback=self.env._("The state has ended."))
            return
        vals = {}
        if activity.user_id != buyer:
            vals["user_id"] = buyer.id
        if activity.note != products:
            vals["note"] = products
        if vals:
            activity.write(vals)

    def _describe_alerts(self, activity, reader):
        """Return a list of the products an activity is about; empty when there are none."""
        self = self.with_context(lang=reader.lang)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.next_delivery_date, COUNT(*) OVER ()
                  FROM vmi_alert alert
                  JOIN vmi_agreement_line line ON line.id = alert.line_id
                 WHERE alert.activity_id = %s
              ORDER BY line.sequence, line.id
                 LIMIT %s
                """,
                activity.id,
                PRODUCTS_NAMED,
            )
        )
        lines = self.env["vmi.agreement.line"].browse([row[0] for row in rows])
        items = Markup()
        for line in lines:
            text = line.product_id.display_name
            if line.next_delivery_date:
                day = format_date(self.env, line.next_delivery_date)
                text = self.env._("%(product)s, next delivery %(day)s", product=text, day=day)
            items += Markup("<li>%s</li>") % text
        if rows and rows[0][2] > len(rows):
            items += Markup("<li>%s</li>") % self.env._("%s more", rows[0][2] - len(rows))
        return items and Markup("<ul>%s</ul>") % items
