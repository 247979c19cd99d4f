import logging
import os
import random
import re
import time

from odoo.tests import BaseCase

from ..tools import EdifactError, read_despatch, read_interchange, read_response
from .samples import despatch, interchange, message, response

_logger = logging.getLogger(__name__)

# All of them by EDI_FUZZ=10000; what a test run can spare by default.
COUNT = int(os.environ.get("EDI_FUZZ", "2000"))
READERS = {"ORDRSP": read_response, "DESADV": read_despatch}
# What was seen to lead a parser astray, and what belongs to no message.
ODDITIES = (
    "'", "+", ":", "?", "??", "?'", "?'UNA:+,? '", "'UNA|^.~ %", "UNA", "UNB+UNOC:3'", "UNZ+1+IC1'",
    "UNH+2+ORDRSP:D:96A:UN'", "UNT+1+1'", "UNG+ORDRSP'", "\x00", "\r\n", "\ufeff", "供应", "Müller",
    "+++:::+", "QTY+113:1e9:PCE'", "QTY+113:NaN:PCE'", "QTY+113:-1:PCE'", "DTM+17:20269999:102'",
    "LIN+1+9+4000000000011:EN'", "GIN+BN+A:B'", "UNS+S'", "PAC+99999999999'", "''", "+'",
)  # fmt: skip

SEGMENTS = (
    "BGM+231+N+29", "DTM+17:20261205:102", "DTM+137:261205:101", "RFF+ON:P1", "RFF+CT:V1",
    "NAD+CA+1::9++Freight", "TDT+20++30+31+:::Freight", "CUX+2:EUR:9", "FTX+AAI+++text:more",
    "CPS+1", "PAC+2++PX", "PCI+33E", "GIN+BJ+3409", "LIN+1+3+4000000000011:EN",
    "LIN+2++4000000000028:EN", "PIA+1+A1:SA+B1:IN", "QTY+113:5:PCE", "QTY+12:2,5:KGM",
    "QTY+21:7", "PRI+AAA:2.5", "GIN+BX+L1", "GIN+BN+S1+S2", "UNS+S", "IMD+F++:::Name",
)  # fmt: skip
VALUES = (
    "", "1", "-1", "0", "9" * 40, "x" * 300, "1e5", "1.5", "1,5", "NaN", "20260230", "27", "LIN",
    "QTY", "BX", "BN", "NB", "EN", "102", "203", "供应", "?'", "??", "?+", "²", "٣", "+", ":",
)  # fmt: skip


def samples():
    """Return sound interchanges, to be spoilt."""
    lines = ("LIN+1+3+4000000000011:EN", "PIA+1+A?+1:SA", "QTY+113:12.5:PCE", "PRI+AAA:2.5")
    goods = (
        "PAC+2++PX", "GIN+BJ+340987650000000017", "LIN+1++4000000000011:EN", "QTY+12:5:PCE",
        "GIN+BX+L1", "LIN+2++4000000000028:EN", "QTY+12:2:PCE", "GIN+BN+S1+S2",
    )  # fmt: skip
    return [
        interchange(response(*lines, proposal="P1")),
        interchange(despatch(*goods, order="P00012"), una="", charset="UNOB"),
        interchange(
            response(*lines, agreement="V1", more=("FTX+AAI+++it?'s ?+ 5 ?: Müller",)),
            despatch(*goods, order="P00012", reference="2"),
        ),
        interchange(response(function="29", proposal="P1"), charset="UNOY"),
        interchange(message("APERAK", "BGM+305+1+9")),
    ]


class Spoiler:
    """Spoils an interchange in one of the ways in which they come spoilt."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.samples = samples()

    def spoil(self):
        """Return the bytes of a spoilt interchange."""
        dice = self.dice
        if dice.random() < 0.4:
            return self._within().encode()
        text = dice.choice(self.samples)
        ways = (self._cut, self._reorder, self._drop, self._repeat, self._insert, self._una,
                self._count, self._end, self._charset, self._noise)  # fmt: skip
        for _time in range(dice.randint(1, 3)):
            text = dice.choice(ways)(text)
        data = text.encode(dice.choice(("utf-8", "latin-1", "latin-1", "utf-16")), "replace")
        if dice.random() < 0.1:
            data = bytes(dice.choice((byte, byte, byte, dice.randrange(256))) for byte in data)
        return data

    def _within(self):
        """Return an interchange whose envelope is right and whose message makes no sense."""
        dice = self.dice
        kind, head = dice.choice((("ORDRSP", "BGM+231+N+4"), ("DESADV", "BGM+351+N+9")))
        segments = [head, *(dice.choice(SEGMENTS) for _time in range(dice.randint(1, 12)))]
        at = dice.randrange(len(segments))
        parts = re.split("([+:])", segments[at])
        parts[dice.randrange(len(parts))] = dice.choice(VALUES)
        segments[at] = "".join(parts)
        return interchange(message(kind, *segments), charset="UNOY")

    def _cut(self, text):
        return text[: self.dice.randint(0, len(text))]

    def _reorder(self, text):
        parts = text.split("'")
        self.dice.shuffle(parts)
        return "'".join(parts)

    def _drop(self, text):
        parts = text.split("'")
        parts.pop(self.dice.randrange(len(parts)))
        return "'".join(parts)

    def _repeat(self, text):
        parts = text.split("'")
        at = self.dice.randrange(len(parts))
        return "'".join([*parts[:at], parts[at], *parts[at:]])

    def _insert(self, text):
        at = self.dice.randint(0, len(text))
        return text[:at] + self.dice.choice(ODDITIES) + text[at:]

    def _una(self, text):
        signs = "".join(self.dice.choice(":+.,?' *|^~A1\n") for _sign in range(6))
        return f"UNA{signs}{text.removeprefix('UNA')[6:] if text.startswith('UNA') else text}"

    def _count(self, text):
        return text.replace("UNT+", f"UNT+{self.dice.choice(('', '9', '-', '1e3'))}", 1)

    def _end(self, text):
        return text[: text.rfind("UNZ")] + self.dice.choice(("", "UNZ+1+X'", "UNZ'", "UNZ+2+IC1'"))

    def _charset(self, text):
        return text.replace("UNOC", self.dice.choice(("UNOA", "UNOX", "UNOY", "", "ÜNOC")), 1)

    def _noise(self, text):
        return "".join(
            chr(self.dice.randrange(0x250)) if self.dice.random() < 0.02 else sign for sign in text
        )


def read_all(data):
    """Read an interchange with all its messages, as the intake does."""
    found = read_interchange(data)
    for one in found.messages:
        if one.kind in READERS:
            READERS[one.kind](one, found.syntax)
    return found


class TestFuzz(BaseCase):
    """Whatever comes: it is read, or refused by the one listed error."""

    def test_sound_ones_are_read(self):
        for text in samples():
            read_all(text.encode("utf-8" if "UNOY" in text else "latin-1"))

    def test_spoilt_ones_raise_nothing_else(self):
        spoiler = Spoiler(1029)
        begin, refused = time.monotonic(), 0
        for number in range(COUNT):
            data = spoiler.spoil()
            try:
                read_all(data)
            except EdifactError as error:
                refused += 1
                self.assertTrue(error.code)
            except Exception as error:
                self.fail(f"{number}: {type(error).__name__} {error} of {data!r}")
        # Some spoilers change nothing that matters; most do.
        self.assertGreater(refused, COUNT * 0.7)
        self.assertLess(refused, COUNT)
        if COUNT > 2000:
            _logger.warning(
                "%s messages, %s refused, %.1f s", COUNT, refused, time.monotonic() - begin
            )

    def test_megabytes_of_text(self):
        text = "x?'UNA?:?+.?? ?'" * 350_000
        data = interchange(response(f"FTX+AAI+++{text}", function="29", proposal="P1")).encode()
        self.assertGreater(len(data), 5 * 2**20)
        with self.assertRaises(EdifactError) as caught:
            read_all(data)
        self.assertEqual(caught.exception.code, "too_long")
        with self.assertRaises(EdifactError) as caught:
            read_interchange(data * 3)
        self.assertEqual(caught.exception.code, "too_large")
        with self.assertRaises(EdifactError) as caught:
            read_interchange(b"UNB+UNOC:3+A'" + b"AAA'" * 300_000)
        self.assertEqual(caught.exception.code, "too_many_segments")
