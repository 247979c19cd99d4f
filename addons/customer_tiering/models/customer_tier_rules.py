from odoo import models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.tools.misc import formatLang

# Stored like this is a share, from 0 to 1.
SHARE_DIGITS = (5, 4)


class CustomerTierRules(models.AbstractModel):
    """Records that make up a policy: they can be compared with a draft's, and take its values.

    Lines of a draft and of the running policy belong together by a key, so that whatever names
    a line of the running policy names the same one afterwards.
    """

    _name = "customer.tier.rules"
    _description = "Rules of a Policy"

    def _get_rule_fields(self):
        """Return the names of the fields that a draft sets: all that a copy of the record has."""
        kept = self._get_kept_fields()
        return [
            name
            for name, field in self._fields.items()
            if field.store
            and field.copy
            and field.type != "one2many"
            and name not in kept
            and name not in models.MAGIC_COLUMNS
        ]

    def _get_kept_fields(self):
        """Return the names of the fields that a draft leaves as they are."""
        return {"company_id", "policy_id", "criterion_id"}

    def _get_rule_lines(self):
        """Return the lines that a draft sets, and by which field they belong together.

        An add-on whose lines belong to a policy adds them; their model is one of these rules.

        :return: {name of a One2many: name of a field of its model}
        """
        return {}

    def _pair_lines(self, draft, name, key):
        """Return the lines of both that belong together.

        :return: list of (line here, the draft's line), either of which may be empty
        """
        here = self.with_context(active_test=False)[name]
        free = {}
        for line in here:
            free.setdefault(line[key], []).append(line)
        pairs = []
        for line in draft[name]:
            found = free.get(line[key])
            pairs.append((found.pop(0) if found else here.browse(), line))
        return pairs + [(line, here.browse()) for lines in free.values() for line in lines]

    def _take_rules(self, draft):
        """Take a draft's values, and its lines; called with all rights.

        A line without counterpart here moves over from the draft, which loses it.
        """
        self.ensure_one()
        vals = {
            name: self._fields[name].convert_to_write(draft[name], draft)
            for name in self._get_rule_fields()
            if self[name] != draft[name]
        }
        for name, key in self._get_rule_lines().items():
            for line, drafted in self._pair_lines(draft, name, key):
                if line and drafted:
                    line._take_rules(drafted)
                elif line:
                    line._retire()
                else:
                    drafted[self._fields[name].inverse_name] = self
        if vals:
            self.write(vals)
        draft.copy_translations(self, excluded=self._get_excluded_translations())

    def _get_excluded_translations(self):
        """Return the fields whose translations are not taken over: of lines, and what is kept."""
        return {
            *self._get_kept_fields(),
            *(name for name, field in self._fields.items() if field.type == "one2many"),
        }

    def _retire(self):
        """Remove a line that the draft has no more."""
        self.unlink()

    def _describe_rules(self, draft):
        """Return what a draft changes, in words, one text each.

        :return: list of (what the value belongs to, texts); nothing first
        """
        changes = [
            self.env._(
                "%(field)s: %(old)s → %(new)s",
                field=self._fields[name].get_description(self.env, ["string"])["string"],
                old=self._format_rule(name),
                new=draft._format_rule(name),
            )
            for name in self._get_rule_fields()
            if self._format_rule(name) != draft._format_rule(name)
        ]
        found = [("", changes)] if changes else []
        for name, key in self._get_rule_lines().items():
            for line, drafted in self._pair_lines(draft, name, key):
                if line and drafted:
                    texts = [
                        text for _what, texts in line._describe_rules(drafted) for text in texts
                    ]
                elif line:
                    texts = line._is_in_force() and [self.env._("removed")]
                else:
                    texts = [self.env._("new")]
                if texts:
                    found.append(((drafted or line).display_name, texts))
        return found

    def _is_in_force(self):
        return True

    def _format_rule(self, name):
        """Return a value as people read it."""
        field, value = self._fields[name], self[name]
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type == "float":
            if field.get_digits(self.env) == SHARE_DIGITS:
                return f"{round(100 * value, 2):g} %"
            return f"{round(value, 4):g}"
        if not value and field.type != "integer":
            return "–"
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if field.type == "date":
            return format_full_day(self.env, value)
        if field.type == "integer":
            return formatLang(self.env, value, digits=0)
        return value.display_name if field.relational else str(value)

    def _get_rule_values(self):
        """Return all values as JSON, by which it shows whether something has changed."""
        return {name: self._get_json_value(name) for name in self._get_rule_fields()} | {
            name: [line._get_rule_values() for line in self[name]]
            for name in self._get_rule_lines()
        }

    def _get_json_value(self, name):
        # Translated names are the same rules for whoever previews and whoever publishes.
        value = self.with_context(lang=None)[name]
        if self._fields[name].relational:
            return value._origin.ids
        return value if isinstance(value, int | float | str) else str(value)
