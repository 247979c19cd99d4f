"""Interchanges as a vendor's program writes them."""

BUYER, VENDOR = "4012345000009", "4098765000003"


def interchange(*messages, reference="IC1", charset="UNOC", sender=VENDOR, receiver=BUYER,
                una="UNA:+.? '", count=None, end=None, test=""):  # fmt: skip
    """Return the text of an interchange; of messages as returned by :func:`message`."""
    version = "4" if charset in ("UNOW", "UNOY") else "3"
    trial = f"++++++{test}" if test else ""
    return (
        f"{una}UNB+{charset}:{version}+{sender}:14+{receiver}:14+261129:1830+{reference}{trial}'"
        + "".join(messages)
        + f"UNZ+{len(messages) if count is None else count}+{end or reference}'"
    )


def message(kind, *segments, reference="1", count=None, end=None):
    """Return the text of a message."""
    number = len(segments) + 2 if count is None else count
    return "".join(
        [
            f"UNH+{reference}+{kind}:D:96A:UN:EAN005'",
            *(f"{one}'" for one in segments),
            f"UNT+{number}+{end or reference}'",
        ]
    )


def response(*lines, number="ORS1", function="4", proposal="", agreement="", more=(), **values):
    """Return the text of an ORDRSP."""
    return message(
        "ORDRSP",
        f"BGM+231+{number}+{function}",
        "DTM+137:20261129:102",
        *([f"RFF+ON:{proposal}"] if proposal else []),
        *([f"RFF+CT:{agreement}"] if agreement else []),
        f"NAD+BY+{BUYER}::9",
        f"NAD+SU+{VENDOR}::9",
        *more,
        *lines,
        "UNS+S",
        **values,
    )


def despatch(*lines, number="DES1", order="", arrives="20261205", more=(), function="9", **values):
    """Return the text of a DESADV."""
    return message(
        "DESADV",
        f"BGM+351+{number}+{function}",
        "DTM+137:20261129:102",
        f"DTM+17:{arrives}:102",
        *([f"RFF+ON:{order}"] if order else []),
        f"NAD+SU+{VENDOR}::9",
        f"NAD+BY+{BUYER}::9",
        *more,
        "CPS+1",
        *lines,
        **values,
    )
