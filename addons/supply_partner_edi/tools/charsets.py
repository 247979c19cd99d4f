"""The letters of an interchange: the syntax identifier in UNB says how they are written."""

import re

from .problems import EdifactError

# ISO 9735, its parts of ISO 8859, and the two that are used for UTF-8.
CHARSETS = {
    "UNOA": "ascii",
    "UNOB": "ascii",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOW": "utf-8",
    "UNOY": "utf-8",
}
# Level A has capital letters only.
_NOT_IN_LEVEL_A = re.compile(r"[a-z]")
# Beside line ends, which stand between segments; C1 is what text in another charset looks like.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def decode(data, identifier):
    """Return the text of bytes, strictly.

    :raise EdifactError: for an unknown identifier, and for bytes that are no letters under it
    """
    try:
        text = data.decode(_codec(identifier))
    except UnicodeDecodeError as error:
        raise EdifactError(
            "not_decodable", charset=identifier, byte=f"{data[error.start]:02X}", place=error.start
        ) from None
    if found := _CONTROL.search(text):
        raise EdifactError("control_character", byte=f"{ord(found[0]):02X}", place=found.start())
    return text


def encode(text, identifier):
    """Return a text as bytes, strictly: what the charset lacks is never replaced.

    :raise EdifactError: naming the first letter that the charset has not
    """
    codec = _codec(identifier)
    found = _CONTROL.search(text)
    if found or (identifier == "UNOA" and (found := _NOT_IN_LEVEL_A.search(text))):
        raise EdifactError("not_encodable", charset=identifier, letter=found[0], text=text)
    try:
        return text.encode(codec)
    except UnicodeEncodeError as error:
        around = text[max(error.start - 20, 0) : error.start + 20]
        raise EdifactError(
            "not_encodable", charset=identifier, letter=text[error.start], text=around
        ) from None


def _codec(identifier):
    try:
        return CHARSETS[identifier]
    except KeyError:
        raise EdifactError("unknown_charset", charset=identifier) from None
