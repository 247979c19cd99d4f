import logging
from operator import itemgetter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import UserError
from odoo.tools import SQL, groupby

from .vmi_agreement import PRODUCTS_NAMED

_logger = logging.getLogger(__name__)

ALERT_KINDS = [
    ("out", "Out of Stock"),
    ("short", "Shortage"),
    ("above", "Overstock"),
    ("dead", "Dead Stock"),
    ("unserved", "Cannot Be Ordered"),
]


class VmiAlert(models.Model):
    """A state of a product that its buyer was told of; it is forgotten when the state ends.

    Buyers hear of what a review found by an activity per agreement and kind of alert. Each
    product is told of once as long as its state lasts, even when the activity was done or
    deleted before; its activity is closed when the state of all its products has ended.
    """

    _name = "vmi.alert"
    _description = "Supply Alert"
    _rec_name = "line_id"
    _order = "date_start desc, id"
    _log_access = False

    line_id = fields.Many2one(
        "vmi.agreement.line", "Product", required=True, ondelete="cascade", readonly=True
    )
    agreement_id = fields.Many2one(
        "vmi.agreement", required=True, ondelete="cascade", index=True, readonly=True
    )
    partner_id = fields.Many2one(related="agreement_id.partner_id", string="Vendor")
    user_id = fields.Many2one(related="agreement_id.user_id", string="Buyer")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(ALERT_KINDS, "Alert", required=True, readonly=True)
    date_start = fields.Datetime("Since", readonly=True)
    on_hand_qty = fields.Float(related="line_id.on_hand_qty", aggregator=None)
    position_qty = fields.Float(related="line_id.position_qty", aggregator=None)
    next_delivery_date = fields.Date(related="line_id.next_delivery_date")
    # The activity may be done or deleted while the state lasts.
    is_told = fields.Boolean(readonly=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", index="btree_not_null"
    )

    _once_per_state = models.UniqueIndex("(line_id, kind)")

    def action_open_line(self):
        """Open the product of the agreement that the alert is about."""
        self.ensure_one()
        return self.line_id.get_formview_action()

    @api.model
    def _forget(self, agreements):
        """Forget all alerts of agreements: nothing is done about these products any more."""
        self.sudo().search([("agreement_id", "in", agreements.ids)]).unlink()
        self._update_activities(agreements)

    @api.model
    def _update_activities(self, agreements):
        """Bring the activities of agreements in line with their alerts."""
        self = self.sudo()
        agreements = agreements.sudo()
        self.invalidate_model(flush=False)
        self._tell(agreements, "alerts", lambda: self._tell_new(agreements))
        activities = self._get_activities(agreements)
        notes = self._describe(activities)
        for activity in activities:
            agreement = agreements.browse(activity.res_id)
            self._tell(
                agreement,
                "alert_activities",
                lambda agreement=agreement, activity=activity: self._update_activity(
                    agreement, activity, notes.get(activity)
                ),
            )

    def _tell(self, agreements, action, step):
        """Do a step of telling; what Odoo refuses about it undoes no review, and is noted."""
        failure = False
        try:
            with self.env.cr.savepoint():
                step()
        except UserError as error:
            _logger.warning("Nobody was told of alerts of %s: %s", agreements, error)
            failure = str(error)
        agreements._note_failure(action, failure)

    def _tell_new(self, agreements):
        """Let the acting buyers know of the new alerts, by the open activity of a kind if any."""
        types = self._get_activity_types()
        activities = {
            (activity.res_id, activity.activity_type_id): activity
            for activity in self._get_activities(agreements)
        }
        untold = [
            (agreements.browse(agreement_id), types[kind], kind)
            for agreement_id, kind in self._get_untold(agreements)
            # A kind of an add-on that is gone has no activity.
            if kind in types
        ]
        missing = dict.fromkeys(
            (agreement, activity_type)
            for agreement, activity_type, _kind in untold
            if (agreement.id, activity_type) not in activities
        )
        # No mail to the buyer for each activity.
        made = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create([self._prepare_activity_vals(*key) for key in missing])
        )
        activities |= {(activity.res_id, activity.activity_type_id): activity for activity in made}
        if untold:
            self.env.flush_all()
            self._set_told(
                (agreement.id, kind, activities[agreement.id, activity_type].id)
                for agreement, activity_type, kind in untold
            )

    def _prepare_activity_vals(self, agreement, activity_type):
        buyer = agreement._get_acting_buyer()
        return {
            "res_model_id": self.env["ir.model"]._get_id(agreement._name),
            "res_id": agreement.id,
            "activity_type_id": activity_type.id,
            "automated": True,
            "summary": activity_type.with_context(lang=buyer.lang).name,
            "date_deadline": agreement.company_id._vmi_today(),
            "user_id": buyer.id,
        }

    def _set_told(self, told):
        """Note by which activity the new alerts of an agreement and kind were told.

        :param told: triples of agreement id, kind and activity id
        """
        agreements, kinds, activities = zip(*told, strict=True)
        self.env.cr.execute(
            SQL(
                """
                UPDATE vmi_alert AS alert SET is_told = TRUE, activity_id = told.activity_id
                  FROM UNNEST(%s::int[], %s::varchar[], %s::int[])
                       AS told (agreement_id, kind, activity_id)
                 WHERE alert.agreement_id = told.agreement_id AND alert.kind = told.kind
                   AND NOT alert.is_told
                """,
                list(agreements),
                list(kinds),
                list(activities),
            )
        )

    def _get_activity_types(self):
        """Return the activity types by kind; somebody may have deleted one."""
        return {
            kind: self.env.ref(f"supply_partner.mail_activity_{kind}", raise_if_not_found=False)
            or self.env.ref("mail.mail_activity_data_warning")
            for kind, _label in ALERT_KINDS
        }

    def _get_activities(self, agreements):
        """Return the open activities that were made for alerts of agreements."""
        types = self.env["mail.activity.type"].union(*self._get_activity_types().values())
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", agreements._name),
                ("res_id", "in", agreements.ids),
                ("activity_type_id", "in", types.ids),
                ("automated", "=", True),
            ]
        )

    def _get_untold(self, agreements):
        """Return pairs of agreement id and kind with an alert that nobody was told of."""
        return self.env.execute_query(
            SQL(
                "SELECT DISTINCT agreement_id, kind FROM vmi_alert "
                "WHERE agreement_id = ANY(%s) AND NOT is_told ORDER BY 1, 2",
                agreements.ids,
            )
        )

    def _update_activity(self, agreement, activity, products):
        """Let an activity name the products whose state lasts; close it when there are none.

        :param products: the note that names them; None when there are none
        """
        buyer = agreement._get_acting_buyer()
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

    def _describe(self, activities):
        """Return by activity a list of the products it is about; those without any are missing."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT activity_id, line_id, next_delivery_date, count
                  FROM (SELECT alert.activity_id, line.id AS line_id, line.next_delivery_date,
                               COUNT(*) OVER (PARTITION BY alert.activity_id) AS count,
                               ROW_NUMBER() OVER (
                                   PARTITION BY alert.activity_id
                                   ORDER BY line.sequence, line.id) AS place
                          FROM vmi_alert alert
                          JOIN vmi_agreement_line line ON line.id = alert.line_id
                         WHERE alert.activity_id = ANY(%s)) AS named
                 WHERE place <= %s
              ORDER BY activity_id, place
                """,
                activities.ids,
                PRODUCTS_NAMED,
            )
        )
        notes = {}
        for activity_id, named in groupby(rows, key=itemgetter(0)):
            activity = activities.browse(activity_id)
            reader = self.env["vmi.agreement"].browse(activity.res_id)._get_acting_buyer()
            notes[activity] = self.with_context(lang=reader.lang)._list_products(
                named, [line_id for _activity, line_id, *_rest in rows]
            )
        return notes

    def _list_products(self, named, line_ids):
        """Return the list of some products of alerts.

        :param named: rows of activity, line, day of the next delivery and number of all products
        :param line_ids: the lines of all lists, so that their products are read together
        """
        lines = self.env["vmi.agreement.line"].browse(line_ids)
        items = Markup()
        for _activity_id, line_id, next_day, _count in named:
            line = lines.browse(line_id).with_prefetch(lines._prefetch_ids)
            text = line.product_id.display_name
            if line.problem:
                text = f"{text}: {line._describe_problem(line.problem)}"
            elif next_day:
                day = format_full_day(self.env, next_day)
                text = self.env._("%(product)s, next delivery %(day)s", product=text, day=day)
            items += Markup("<li>%s</li>") % text
        rest = named[0][3] - len(named)
        if rest:
            items += Markup("<li>%s</li>") % self.env._("%s more", rest)
        return Markup("<ul>%s</ul>") % items
