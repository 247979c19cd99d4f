from odoo.addons.supply_partner_vendor.controllers.texts import Texts


class SettlementTexts(Texts):
    """How settlements are written for people."""

    def period(self, settlement):
        """Return the days of a settlement."""
        return f"{self.day(settlement['date_from'])} – {self.day(settlement['date_to'])}"

    def use(self, use):
        """Return the day of a use, with its lot."""
        day = self.day(use["day"])
        return self._env._("%(day)s · lot %(lot)s", day=day, lot=use["lot"]) if use["lot"] else day

    def uses(self, line):
        """Return of how many days a line is made up."""
        days = len(line["uses"])
        return self._env._("1 day") if days == 1 else self._env._("%s days", days)

    def kind(self, code):
        """Return what became of the stock."""
        return {"used": self._env._("Used"), "lost": self._env._("Lost")}[code]

    def disputed(self, settlement):
        """Return how many lines the buyer has to decide about."""
        count = settlement["disputed_count"]
        if count == 1:
            return self._env._("1 line is in dispute: the buyer decides about it.")
        return self._env._("%s lines are in dispute: the buyer decides about them.", count)

    def _get_states(self):
        return {
            **super()._get_states(),
            "to_confirm": self._env._("To confirm"),
            "confirmed": self._env._("Confirmed"),
            "billed": self._env._("Billed"),
            "disputed": self._env._("Disputed"),
            "waived": self._env._("Waived"),
            "to_bill": self._env._("To bill"),
            "later": self._env._("In a later settlement"),
        }

    def _get_done(self):
        return {
            **super()._get_done(),
            "settlement_confirmed": self._env._("Thank you. The settlement is confirmed."),
            "line_disputed": self._env._("The line is in dispute. The buyer decides about it."),
        }
