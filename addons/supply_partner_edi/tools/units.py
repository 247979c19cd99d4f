"""The codes of units (UN/ECE, as EANCOM has them), and Odoo's units."""

# The first code of a unit is the one that is written.
CODES = {
    "PCE": "uom.product_uom_unit",
    "C62": "uom.product_uom_unit",
    "EA": "uom.product_uom_unit",
    "NAR": "uom.product_uom_unit",
    "DZN": "uom.product_uom_dozen",
    "KGM": "uom.product_uom_kgm",
    "GRM": "uom.product_uom_gram",
    "TNE": "uom.product_uom_ton",
    "LBR": "uom.product_uom_lb",
    "ONZ": "uom.product_uom_oz",
    "LTR": "uom.product_uom_litre",
    "MLT": "uom.product_uom_milliliter",
    "MTQ": "uom.product_uom_cubic_meter",
    "MTR": "uom.product_uom_meter",
    "CMT": "uom.product_uom_cm",
    "MMT": "uom.product_uom_millimeter",
    "KMT": "uom.product_uom_km",
    "MTK": "uom.product_uom_square_meter",
    "HUR": "uom.product_uom_hour",
    "DAY": "uom.product_uom_day",
}
_WRITTEN = {name: code for code, name in reversed(CODES.items())}


def get_code(name):
    """Return the code of a unit by its external name; "" for one that has none."""
    return _WRITTEN.get(name, "")
