"""Figures that are quotients of two others: of a row, or of the sums of a group of rows.

A group's figure is the quotient of its sums, so that each product has the weight of its quantity.
"""

from odoo.tools import SQL

DAYS_OF_YEAR = 365

# By figure: what is divided, by what, and the factor.
QUOTIENTS = {
    "fill_rate": ("filled_qty", "demanded_qty", 1),
    "in_stock_rate": ("stocked_days", "counted_days", 1),
    "otif_rate": ("kept_count", "promised_count", 1),
    "acceptance_rate": ("unchanged_count", "proposed_count", 1),
    "turns": ("demand_value", "stock_value_days", DAYS_OF_YEAR),
    "days_of_supply": ("closing_value", "daily_demand_value", 1),
    "lead_days": ("receipt_days", "receipt_count", 1),
}
RATIOS = (*QUOTIENTS, "lead_deviation")
# What there is at a time: products add up, months do not.
LEVELS = ("stock_value", "closing_value")


def row_value(name):
    """Return SQL of a ratio of one row."""
    return _ratio(name, SQL.identifier)


def group_value(table, name):
    """Return SQL of a ratio, or of the mean level of the months, over a group of rows."""
    if name in LEVELS:
        return SQL(
            "SUM(%s) / COUNT(DISTINCT %s)",
            SQL.identifier(table, name),
            SQL.identifier(table, "month"),
        )
    return _ratio(name, lambda column: SQL("SUM(%s)", SQL.identifier(table, column)))


def _ratio(name, total):
    """Return SQL of a ratio; NULL where there is nothing to divide by.

    :param total: function that returns SQL of a column's total
    """
    if name in QUOTIENTS:
        above, below, factor = QUOTIENTS[name]
        return SQL("%s * %s::double precision / NULLIF(%s, 0)", factor, total(above), total(below))
    # The deviation of a sample, of which one receipt is none.
    return SQL(
        "SQRT(GREATEST((%(squares)s - %(days)s^2 / NULLIF(%(count)s, 0)) "
        "/ NULLIF(%(count)s - 1, 0), 0))",
        count=total("receipt_count"),
        days=total("receipt_days"),
        squares=total("receipt_squares"),
    )
