"""The usual names for groups of RFM codes.

A code is three digits from 1 to 5: recency, frequency, revenue, 5 the best. The segments
go by recency and by the mean of frequency and revenue, rounded half up.
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
    4: ("promising", "promising", "loyal", "loyal", "champions"),
    3: ("attention", "attention", "attention", "loyal", "loyal"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "at_risk"),
    1: ("hibernating", "hibernating", "at_risk", "at_risk", "at_risk"),
}


def segment_of_code(code):
    """Return the segment of an RFM code such as ``"543"``."""
    recency, frequency, revenue = map(int, code)
    return _GRID[recency][(frequency + revenue + 1) // 2 - 1]


def segments_by_code():
    """Return the segments of the 125 codes, in the codes' order."""
    return [segment_of_code(code) for code in product("12345", repeat=3)]
