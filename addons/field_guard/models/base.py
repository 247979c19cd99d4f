import math

from odoo import api, models, tools
from odoo.exceptions import AccessError, ValidationError

# From here on cents cannot be told apart, and an Integer's column holds no more.
MOST = {"float": 1e15, "monetary": 1e15, "integer": 2**31 - 1}


class Base(models.AbstractModel):
    """What may be written to the fields of guarded families, on whichever model they are.

    Only numbers, and by users only what is not read-only: the rest is written by methods, which
    check access and then write with ``sudo()``.
    """

    _inherit = "base"

    @api.model
    def _get_guarded_families(self):
        """Return with what the names of the add-ons begin whose fields are guarded.

        Called once per model and registry. An add-on overrides it and adds its family's name.
        """
        return ()

    @tools.ormcache()
    def _get_field_guard(self):
        """Return the names of the guarded stored numbers, and of what only methods write."""
        families = self._get_guarded_families()
        guarded = [
            field
            for field in self._fields.values()
            if field.store
            and field.name not in models.MAGIC_COLUMNS
            and (field._module or "").startswith(families)
        ]
        return (
            frozenset(field.name for field in guarded if field.type in MOST),
            frozenset(field.name for field in guarded if field.readonly),
        )

    @api.model
    def default_get(self, fields):
        """Take what only methods write from the field itself, not from the client's context."""
        _numbers, kept = self._get_field_guard()
        if kept.isdisjoint(fields):
            return super().default_get(fields)
        values = super().default_get([name for name in fields if name not in kept])
        for name in kept.intersection(fields):
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                values[name] = field.convert_to_write(value, self)
        return values

    def copy_data(self, default=None):
        """Leave out of a user's copy what only methods write."""
        vals_list = super().copy_data(default)
        _numbers, kept = self._get_field_guard()
        if self.env.su or not kept:
            return vals_list
        return [
            vals
            and {name: vals[name] for name in vals if name not in kept or name in (default or ())}
            for vals in vals_list
        ]

    @api.model_create_multi
    def create(self, vals_list):
        numbers, kept = self._get_field_guard()
        if numbers or kept:
            for vals in vals_list:
                self._check_guarded_numbers(vals)
                if not self.env.su and (given := kept & vals.keys()):
                    defaults = self.default_get(list(given))
                    self.browse()._check_guarded_values(vals, given, defaults)
        return super().create(vals_list)

    def write(self, vals):
        numbers, kept = self._get_field_guard()
        if numbers or kept:
            self._check_guarded_numbers(vals)
            if not self.env.su and (given := kept & vals.keys()):
                for record in self:
                    held = {
                        name: record._fields[name].convert_to_write(record[name], record)
                        for name in given
                    }
                    record._check_guarded_values(vals, given, held)
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """Refuse what is no number before anything is reckoned with it."""
        self._check_guarded_numbers(values)
        for name, value in values.items():
            field = self._fields.get(name)
            if field is not None and field.type in ("one2many", "many2many"):
                for command in value or ():
                    if len(command) > 2 and isinstance(command[2], dict):
                        self.env[field.comodel_name]._check_guarded_numbers(command[2])
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_guarded_numbers(self, vals):
        """Raise ValidationError for what is no number, or more than can be reckoned with."""
        numbers, _kept = self._get_field_guard()
        for name in numbers & vals.keys():
            field = self._fields[name]
            try:
                value = float(vals[name] or 0)
            except (TypeError, ValueError):
                continue
            if abs(value) <= MOST[field.type]:
                continue
            names = {
                "field": field._description_string(self.env),
                "model": self.env["ir.model"]._get(self._name).name,
            }
            if math.isfinite(value):
                raise ValidationError(
                    self.env._(
                        "%(field)s (%(model)s) is too large: enter a number between "
                        "−%(most)s and %(most)s.",
                        most=f"{MOST[field.type]:,.0f}",
                        **names,
                    )
                )
            raise ValidationError(
                self.env._(
                    "%(field)s (%(model)s) must be a number: enter one, or leave it empty.", **names
                )
            )

    def _check_guarded_values(self, vals, names, held):
        """Raise AccessError for values other than those held; they may be sent again.

        :param vals: what a user writes
        :param names: those of the fields that only methods write
        :param held: values as to write, of the record or, for a new one, by default
        """
        for name in names:
            field = self._fields[name]
            if field.type in ("one2many", "many2many"):
                is_same = not vals[name]
            else:
                is_same = field.convert_to_cache(
                    vals[name], self, validate=False
                ) == field.convert_to_cache(held.get(name, False), self, validate=False)
            if not is_same:
                raise AccessError(
                    self.env._(
                        "%(field)s (%(model)s) is set automatically and cannot be edited: leave "
                        "it out, and use the buttons of the form.",
                        field=field._description_string(self.env),
                        model=self.env["ir.model"]._get(self._name).name,
                    )
                )
