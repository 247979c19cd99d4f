"""The service characters of an interchange (UNA), texts with them, and numbers."""

import re
from dataclasses import dataclass

from .problems import EdifactError

DECIMAL_MARKS = (".", ",")
MOST_DIGITS = 15
# Stands for a release character where UNA says that there is none.
NO_RELEASE = "\x1f"


@dataclass(frozen=True)
class Syntax:
    """The service characters.

    :param is_given: whether the interchange names them itself: then its decimal mark is the one
        that UNA names, otherwise it may be either
    """

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    repetition: str = " "
    terminator: str = "'"
    is_given: bool = False

    @classmethod
    def from_una(cls, signs):
        """Return the syntax of the six signs behind UNA.

        :raise EdifactError: for signs that cannot be told apart, or could be part of a text
        """
        component, element, decimal, release, repetition, terminator = signs
        if release == " ":
            release = NO_RELEASE
        separators = [component, element, release, terminator]
        is_wrong = (
            len(set(separators)) < len(separators)
            or any(sign.isalnum() or sign in " \r\n" for sign in (component, element, release))
            or terminator.isalnum()
            or terminator == " "
            or decimal not in DECIMAL_MARKS
            or decimal in separators
            or repetition in separators
        )
        if is_wrong:
            raise EdifactError("bad_una", 0, "UNA", signs=signs)
        return cls(component, element, decimal, release, repetition, terminator, True)

    @property
    def una(self):
        """The service string advice."""
        return (
            f"UNA{self.component}{self.element}{self.decimal}{self.release}"
            f"{self.repetition}{self.terminator}"
        )

    def escape(self, text):
        """Return a text in which each service character is released."""
        signs = re.escape(self.component + self.element + self.release + self.terminator)
        return re.sub(f"([{signs}])", lambda found: self.release + found[1], text)

    def compose(self, tag, *elements):
        """Return a segment; an element is a text or a list of components, empty ends left out."""
        texts = []
        for element in elements:
            parts = [str(one) for one in element] if isinstance(element, list) else [str(element)]
            while len(parts) > 1 and not parts[-1]:
                parts.pop()
            texts.append(self.component.join(map(self.escape, parts)))
        while texts and not texts[-1]:
            texts.pop()
        return self.element.join([tag, *texts]) + self.terminator

    def format_number(self, value, digits):
        """Return a number without useless zeros, with the decimal mark.

        :param digits: decimals at most
        """
        text = f"{value:.{digits}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        if text == "-0":
            text = "0"
        return text.replace(".", self.decimal)

    def parse_number(self, text):
        """Return the number of a text; None where it is none that this syntax has.

        Digits and one decimal mark, an optional sign: nothing between thousands, no exponent.
        """
        marks = self.decimal if self.is_given else ".,"
        found = re.fullmatch(rf"(-?)([0-9]*)(?:[{re.escape(marks)}]([0-9]+))?", text)
        if not found or not (found[2] or found[3]):
            return None
        if len(found[2]) + len(found[3] or "") > MOST_DIGITS:
            return None
        return float(f"{found[1]}{found[2] or 0}.{found[3] or 0}")
