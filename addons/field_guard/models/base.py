import math

from odoo import api, models, tools
from odoo.exceptions import AccessError, MissingError, ValidationError

from ..tools import has_shape, is_id

# From here on cents cannot be told apart, and an Integer's column holds no more.
MOST = {"float": 1e15, "monetary": 1e15, "integer": 2**31 - 1}
# Types whose fields say themselves what they take.
STRICT = ("date", "datetime", "selection", "reference")
LINKS = ("one2many", "many2many")
# Types of which any value is one, or that are checked where they are read.
LOOSE = ("boolean", "json", "properties", "properties_definition", *MOST)


class Base(models.AbstractModel):
    """What may be written to the fields of guarded families, on whichever model they are.

    Only what the field's type takes, and by users only what is not read-only: the rest is written
    by methods, which check access and then write with ``sudo()``.
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

    @tools.ormcache()
    def _get_guarded_shapes(self):
        """Return the names of guarded fields whose values have a shape, and of required ones."""
        families = self._get_guarded_families()
        guarded = [
            field
            for field in self._fields.values()
            if (field.store or field.inverse)
            and field.name not in models.MAGIC_COLUMNS
            and field.type not in LOOSE
            and (field._module or "").startswith(families)
        ]
        return (
            frozenset(field.name for field in guarded),
            frozenset(
                field.name
                for field in guarded
                if field.required and field.store and field.type not in LINKS
            ),
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
        for vals in vals_list:
            self._check_guarded_shapes(vals)
        if numbers or kept:
            for vals in vals_list:
                self._check_guarded_numbers(vals)
                if not self.env.su and (given := kept & vals.keys()):
                    defaults = self.default_get(list(given))
                    self.browse()._check_guarded_values(vals, given, defaults)
        return super().create(vals_list)

    def write(self, vals):
        numbers, kept = self._get_field_guard()
        self._check_guarded_shapes(vals)
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
        """Refuse what is no value of its field before anything is reckoned with it."""
        self._check_guarded_shapes(values, is_complete=False)
        self._check_guarded_numbers(values)
        for name, value in values.items():
            field = self._fields.get(name)
            if field is not None and field.type in LINKS and isinstance(value, (list, tuple)):
                for command in value:
                    is_command = isinstance(command, (list, tuple)) and len(command) > 2
                    if is_command and isinstance(command[2], dict):
                        lines = self.env[field.comodel_name]
                        lines._check_guarded_shapes(command[2], is_complete=False)
                        lines._check_guarded_numbers(command[2])
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_guarded_numbers(self, vals):
        """Raise ValidationError for what is no number, or more than can be reckoned with."""
        numbers, _kept = self._get_field_guard()
        for name in numbers & vals.keys():
            field = self._fields[name]
            if field.type == "integer" and isinstance(vals[name], dict) and "id" in vals[name]:
                # A new record's id.
                continue
            try:
                value = float(vals[name] or 0)
                if field.type == "integer" and isinstance(vals[name], str):
                    int(vals[name] or 0)
            except (TypeError, ValueError):
                value = math.nan
            if abs(value) <= MOST[field.type]:
                continue
            names = self._get_guarded_names(field)
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

    @api.model
    def _check_guarded_shapes(self, vals, is_complete=True):
        """Raise ValidationError for what its field cannot keep, before it is lost or read.

        :param vals: what is to be written
        :param is_complete: False for a form that is still being filled in
        """
        shaped, required = self._get_guarded_shapes()
        for name in shaped & vals.keys():
            field, value = self._fields[name], vals[name]
            if not value:
                if is_complete and name in required:
                    raise ValidationError(
                        self.env._(
                            "%(field)s (%(model)s) is required: enter a value, or leave the field "
                            "as it was.",
                            **self._get_guarded_names(field),
                        )
                    )
            elif field.type in STRICT:
                try:
                    field.convert_to_cache(value, self)
                    is_kept = field.type != "selection" or self._is_guarded_choice(field, value)
                except (TypeError, ValueError, KeyError) as error:
                    raise ValidationError(self._describe_guarded_shape(field)) from error
                if not is_kept:
                    raise ValidationError(self._describe_guarded_shape(field))
            elif not is_complete and (field.type in LINKS or isinstance(value, dict)):
                # A form sends new lines with names for ids, and links with their names.
                continue
            elif not has_shape(field.type, value):
                raise ValidationError(self._describe_guarded_shape(field))

    def _is_guarded_choice(self, field, value):
        """Return whether a choice is offered; those that a method lists the field lets pass.

        What another record holds may be copied, also when an add-on that offered it has gone.
        """
        if value in field.get_values(self.env):
            return True
        holders = self.sudo().with_context(active_test=False)
        return bool(field.store and holders.search_count([(field.name, "=", value)], limit=1))

    @api.model
    def _browse_asked(self, record_id):
        """Return the record whose id a client sent to a method.

        :raise MissingError: for what is no id, and for a record that was deleted
        """
        record = self.browse(record_id if is_id(record_id) else ()).exists()
        if not record:
            raise MissingError(
                self.env._(
                    "This record (%s) does not exist, or was deleted: open the list again, and "
                    "choose another one.",
                    self.env["ir.model"]._get(self._name).name,
                )
            )
        return record

    def _get_guarded_names(self, field):
        """Return how messages name a field and its model."""
        return {
            "field": field._description_string(self.env),
            "model": self.env["ir.model"]._get(self._name).name,
        }

    def _describe_guarded_shape(self, field):
        """Return what a field takes, in a sentence for somebody who sent something else."""
        names = self._get_guarded_names(field)
        if field.type in ("date", "datetime"):
            example = "2026-01-31" if field.type == "date" else "2026-01-31 08:30:00"
            return self.env._(
                "%(field)s (%(model)s) must be a date like %(example)s: enter one, or leave it "
                "empty.",
                example=example,
                **names,
            )
        if field.type == "selection":
            choices = ", ".join(str(value) for value in field.get_values(self.env))
            return self.env._(
                "%(field)s (%(model)s) must be one of these values: %(choices)s.",
                choices=choices,
                **names,
            )
        if field.type in ("char", "text", "html"):
            return self.env._(
                "%(field)s (%(model)s) holds a character that cannot be stored (NUL): remove it.",
                **names,
            )
        if field.type == "binary":
            return self.env._("%(field)s (%(model)s) must be a file.", **names)
        return self.env._(
            "%(field)s (%(model)s) must be an existing record: give its ID as a number, a list of "
            "them where the field takes several, or leave it empty.",
            **names,
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
                        **self._get_guarded_names(field),
                    )
                )
