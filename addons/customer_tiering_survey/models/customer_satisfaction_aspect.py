from odoo import fields, models


class CustomerSatisfactionAspect(models.Model):
    """What satisfaction hangs on, such as delivery or advice. Questions ask about it."""

    _name = "customer.satisfaction.aspect"
    _description = "Aspect of Satisfaction"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
