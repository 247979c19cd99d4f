"""How far forecasts were off: of one, or of the sums of many.

Each figure is of the forecast itself and, under ``usual_…``, of what the daily demand of the demand
period and the normal distribution would have said at the same moment.
"""

from odoo.tools import SQL

# Prefix of the figures, and the columns of the forecast and of what it says covers the demand.
SOURCES = {"": ("forecast_qty", "quantile_qty"), "usual_": ("usual_qty", "usual_quantile_qty")}
FIGURES = tuple(
    f"{prefix}{figure}"
    for prefix in SOURCES
    for figure in ("error_rate", "bias", "pinball_loss", "coverage")
)


def group_figure(table, name):
    """Return SQL of a figure of a group of rows; NULL where there is nothing to compare.

    ``error_rate`` is Σ|e|/Σy (WAPE) and ``bias`` Σe/Σy with e = forecast − y; ``pinball_loss`` is
    the mean of what is missing at the target, or too much at 1 − target; ``coverage`` the share
    of periods in which the quantity was enough.
    """
    prefix = "usual_" if name.startswith("usual_") else ""
    # What has not come yet has no outcome; each sum is of differences to it, which are NULL then.
    forecast, quantile = (SQL.identifier(table, column) for column in SOURCES[prefix])
    actual, target = SQL.identifier(table, "actual_qty"), SQL.identifier(table, "target")
    total = SQL("NULLIF(SUM(%s), 0)", actual)
    match name.removeprefix("usual_"):
        case "error_rate":
            figure = SQL("SUM(ABS(%s - %s)) / %s", forecast, actual, total)
        case "bias":
            figure = SQL("SUM(%s - %s) / %s", forecast, actual, total)
        case "pinball_loss":
            missing = SQL("(%s - %s)", actual, quantile)
            figure = SQL("AVG(GREATEST(%s * %s, (%s - 1) * %s))", target, missing, target, missing)
        case "coverage":
            figure = SQL("AVG((%s <= %s)::integer::double precision)", actual, quantile)
    return figure
