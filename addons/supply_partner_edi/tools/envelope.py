"""From bytes to messages: the envelope of an interchange, checked to the last count.

``pydifact`` gives the segments and nothing else: it takes wrong counts and references, a missing
end, and without UNA a text with ``'UNA`` in it for the beginning. So UNA is always put in front.
"""

import logging
import re
from dataclasses import dataclass

from pydifact.parser import Parser
from pydifact.segments import SegmentFactory

from .charsets import decode
from .problems import EdifactError
from .syntax import Syntax

# Above these, somebody sent something else.
MOST_BYTES = 10 * 2**20
MOST_SEGMENTS = 200_000
MOST_MESSAGES = 1000
_BOM = b"\xef\xbb\xbf"
# What cannot stand between UNB and UNZ.
_MISPLACED = {"UNG": "group", "UNE": "group", "UNB": "second_unb", "UNZ": "second_unz"}
_TAG = re.compile("[A-Z][A-Z0-9]{2}")

# It writes a line about each interchange.
logging.getLogger("pydifact").setLevel(logging.WARNING)


class _PlainFactory(SegmentFactory):
    """Gives tag and elements as they stand.

    The library's own looks for rules in files whose names the interchange would say.
    """

    @staticmethod
    def create_segment(name, *elements, **_rules):
        """Return a pair of tag and elements."""
        return name, elements


@dataclass(frozen=True)
class Segment:
    """A segment: its number in the interchange, its tag, its elements as lists of components."""

    number: int
    tag: str
    elements: tuple[tuple[str, ...], ...]

    def get(self, element, component=0):
        """Return a component by its place, counted from 0; "" where it is left out."""
        if element < len(self.elements) and component < len(self.elements[element]):
            return self.elements[element][component].strip()
        return ""


@dataclass(frozen=True)
class Message:
    """A message of an interchange.

    :param kind: as in UNH, e.g. ``ORDRSP``
    :param version: version and release, e.g. ``D.96A``
    :param segments: those between UNH and UNT
    """

    reference: str
    kind: str
    version: str
    segments: tuple[Segment, ...]
    number: int


@dataclass(frozen=True)
class Interchange:
    """An interchange that holds together.

    :param sender: who sent it, mostly a GLN
    :param is_test: whether it is marked as a trial
    """

    sender: str
    receiver: str
    reference: str
    charset: str
    is_test: bool
    syntax: Syntax
    messages: tuple[Message, ...]


def read_interchange(data):
    """Return the interchange that bytes hold.

    :raise EdifactError: for whatever is wrong with it, and nothing else
    """
    segments, syntax, charset = read_segments(data)
    if segments[0].tag != "UNB":
        raise _error("no_unb", segments[0])
    begin, *inner = segments
    if not inner or inner[-1].tag != "UNZ":
        for one in inner:
            if one.tag == "UNZ":
                raise _error("behind_unz", inner[inner.index(one) + 1])
        raise _error("no_unz", segments[-1])
    end = inner.pop()
    messages = _split(inner)
    _check_end(begin, end, messages)
    return Interchange(
        sender=_required(begin, 1, "sender"),
        receiver=_required(begin, 2, "receiver"),
        reference=_required(begin, 4, "reference"),
        charset=charset,
        is_test=begin.get(10) == "1",
        syntax=syntax,
        messages=messages,
    )


def read_segments(data):
    """Return the segments of an interchange, its syntax and its charset.

    :raise EdifactError: for what cannot be taken apart
    """
    if len(data) > MOST_BYTES:
        raise EdifactError("too_large", most=MOST_BYTES // 2**20)
    data = data.removeprefix(_BOM).strip(b" \t\r\n")
    if not data:
        raise EdifactError("empty")
    syntax, rest = _read_una(data)
    charset = _read_charset(rest, syntax)
    text = decode(rest, charset)
    return _parse(text, syntax), syntax, charset


def _read_una(data):
    if not data.startswith(b"UNA"):
        return Syntax(), data
    try:
        signs = data[3:9].decode("ascii")
    except UnicodeDecodeError:
        raise EdifactError("bad_una", 0, "UNA", signs=data[3:9].decode("latin-1")) from None
    if len(signs) < 6:
        raise EdifactError("bad_una", 0, "UNA", signs=signs)
    return Syntax.from_una(signs), data[9:].lstrip(b" \t\r\n")


def _read_charset(data, syntax):
    """Return the syntax identifier, which stands in plain ASCII whatever follows."""
    pattern = rf"UNB{re.escape(syntax.element)}([^{re.escape(syntax.element + syntax.component)}]*)"
    found = re.match(pattern.encode(), data[:40])
    if not found:
        raise EdifactError("no_unb", 1, data[:3].decode("latin-1"))
    return found[1].decode("latin-1")


def _parse(text, syntax):
    """Return the segments of a text without UNA."""
    if not _ends_with(text, syntax):
        # What is cut off behind the last terminator would be dropped without a word.
        raise EdifactError("cut_off")
    segments = []
    try:
        for tag, raw in Parser(factory=_PlainFactory()).parse(syntax.una + text):
            if tag == "UNA":
                continue
            number = len(segments) + 1
            if number > MOST_SEGMENTS:
                raise EdifactError("too_many_segments", number, tag, most=MOST_SEGMENTS)
            if not _TAG.fullmatch(tag):
                raise EdifactError("bad_tag", number, tag, text=tag)
            elements = tuple(
                tuple(element) if isinstance(element, list) else (element,) for element in raw
            )
            segments.append(Segment(number, tag, elements))
    except EdifactError:
        raise
    except Exception as error:
        # Whatever it raises, it is about this text: StopIteration, IndexError and others were seen.
        number = len(segments) + 1
        raise EdifactError("unreadable", number, reason=error or type(error).__name__) from None
    if not segments:
        raise EdifactError("empty")
    return segments


def _ends_with(text, syntax):
    text = text.rstrip(" \r\n\t") if syntax.terminator not in "\r\n" else text.rstrip(" \t")
    if syntax.terminator in "\r\n":
        # The end of the file was stripped.
        return True
    before = text[:-1]
    released = len(before) - len(before.rstrip(syntax.release))
    return text.endswith(syntax.terminator) and released % 2 == 0


def _split(segments):
    """Return the messages between UNB and UNZ, each with its counts and references right."""
    messages, current = [], []
    for one in segments:
        if one.tag in _MISPLACED:
            raise _error(_MISPLACED[one.tag], one)
        if one.tag == "UNH" and current:
            raise _error("no_unt", one)
        if one.tag != "UNH" and not current:
            raise _error("outside", one)
        if one.tag == "UNT":
            messages.append(_close(current, one))
            current = []
        else:
            current.append(one)
    if current:
        raise _error("no_unt", current[-1])
    _check_messages(messages)
    return tuple(messages)


def _check_messages(messages):
    if not messages:
        raise EdifactError("no_message", 1, "UNB")
    if len(messages) > MOST_MESSAGES:
        raise EdifactError("too_many_messages", 1, "UNB", most=MOST_MESSAGES)
    known = set()
    for message in messages:
        if message.reference in known:
            raise EdifactError("message_twice", message.number, "UNH", reference=message.reference)
        known.add(message.reference)


def _close(segments, end):
    head, *body = segments
    reference = _required(head, 0, "message_reference")
    if end.get(1) != reference:
        raise _error("unt_reference", end, said=end.get(1), reference=reference)
    _check_count("unt_count", end, len(segments) + 1)
    return Message(
        reference=reference,
        kind=head.get(1).upper(),
        version=f"{head.get(1, 1)}.{head.get(1, 2)}",
        segments=tuple(body),
        number=head.number,
    )


def _check_end(begin, end, messages):
    reference = begin.get(4)
    if end.get(1) != reference:
        raise _error("unz_reference", end, said=end.get(1), reference=reference)
    _check_count("unz_count", end, len(messages))


def _check_count(code, segment, count):
    said = segment.get(0)
    if not re.fullmatch("[0-9]{1,6}", said) or int(said) != count:
        raise _error(code, segment, said=said, count=count)


def _required(segment, element, name):
    value = segment.get(element)
    if not value:
        raise _error("missing", segment, name=name)
    if len(value) > 35:
        raise _error("too_long", segment, value=value, most=35)
    return value


def _error(code, segment, /, **values):
    return EdifactError(code, segment.number, segment.tag, **values)
