"""What a new company starts with: the names, criteria and bands of its scorecard."""

from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

BANDS = (
    ("preferred", _lt("Preferred"), 90, 10),
    ("approved", _lt("Approved"), 75, 4),
    ("watched", _lt("On Watch"), 60, 3),
    ("risk", _lt("At Risk"), 0, 1),
)
# Delivery and quality alone rate a vendor; the others count as soon as there is enough of them.
CRITERIA = (
    {"measure": "otif", "weight": 40, "floor": 0.5, "cap": 1},
    {"measure": "quality", "weight": 25, "floor": 0.05, "cap": 0},
    {"measure": "price_index", "weight": 15, "floor": 1.1, "cap": 1},
    {"measure": "rfq_answered", "weight": 10, "floor": 0.5, "cap": 1},
    {"measure": "invoice_match", "weight": 10, "floor": 0.8, "cap": 1},
)


def criteria_commands(offered):
    """Return commands that make the usual criteria.

    :param offered: codes of the measures that this database offers
    """
    return [
        Command.create({**criterion, "sequence": 10 * place})
        for place, criterion in enumerate(CRITERIA, 1)
        if criterion["measure"] in offered
    ]


def band_commands(env):
    """Return commands that make the usual bands, named in the language of ``env``."""
    return [
        Command.create({"code": code, "name": env._(name), "min_score": least, "color": color})
        for code, name, least, color in BANDS
    ]


def translate_bands(bands, languages):
    """Name bands in languages where they still have the English names of the usual ones.

    :param languages: codes such as ``zh_CN``
    """
    names = {code: name for code, name, _least, _color in BANDS}
    for band in bands:
        source = names.get(band.code)
        if not source:
            continue
        english = band.with_context(lang="en_US")
        default = english.env._(source)
        if english.name != default:
            continue
        for language in set(languages) - {"en_US"}:
            translated = band.with_context(lang=language)
            if translated.name == default:
                translated.name = translated.env._(source)
