"""The usual names for groups of RFM codes.

A code is three digits from 1 to 5: recency, frequency, revenue, 5 the best.

Source of the map: the grid of recency against the mean of frequency and monetary value that
Putler made common ("RFM Analysis for Successful Customer Segmentation", putler.com), its eleven
segments joined into six, the mean rounded half up. Two rules are added, since a mean hides one
large order: champions are good in all three (each digit 4 or 5), and who is in the lowest fifth
by frequency is not loyal.
"""

from itertools import product

RFM_SEGMENTS = [
    ("champions", "Champions"),
    ("loyal", "Loyal"),
    ("promising", "Promising"),
    ("attention", "Need attention"),
    ("at_risk", "At risk"),
    ("hibernating", "Hibernating"),
]

# Rows: recency 5 to 1; columns: frequency and revenue together 1 to 5.
_GRID = {
    5: ("promising", "promising", "loyal", "champions", "champions"),
    4: ("promising", "promising", "loyal", "champions", "champions"),
    3: ("attention", "attention", "attention", "loyal", "loyal"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "at_risk"),
    1: ("hibernating", "hibernating", "at_risk", "at_risk", "at_risk"),
}


def segment_of_code(code):
    """Return the segment of an RFM code such as ``"543"``."""
    recency, frequency, revenue = map(int, code)
    segment = _GRID[recency][(frequency + revenue + 1) // 2 - 1]
    if segment == "champions" and min(frequency, revenue) < 4:
        segment = "loyal"
    if segment == "loyal" and frequency == 1:
        segment = "attention" if recency == 3 else "promising"
    return segment


def segments_by_code():
    """Return the segments of the 125 codes, in the codes' order."""
    return [segment_of_code(code) for code in product("12345", repeat=3)]
