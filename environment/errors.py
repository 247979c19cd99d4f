"""What can go wrong while setting up, as one clear message each."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable

DISK_FULL = "The disk is full"
NO_NETWORK = "The network, or the server asked, cannot be reached"

_DISK_SIGNS = ("no space left on device", "disk quota exceeded", "not enough free space")
_NETWORK_SIGNS = (
    "temporary failure in name resolution",
    "temporary failure resolving",
    "name or service not known",
    "could not resolve",
    "could not connect",
    "cannot initiate the connection",
    "failed to establish a new connection",
    "network is unreachable",
    "connection refused",
    "connection timed out",
    "connection failed",
    "read timed out",
    "enotfound",
    "econnrefused",
    "etimedout",
    "eai_again",
)


class SetupError(Exception):
    """Set-up cannot go on; the text is complete and meant for the person at the terminal."""


def cause_of(output: str) -> str:
    """Return the plain cause that a program's output points to, or an empty text.

    :param output: what the program printed, in any case
    """
    text = output.lower()
    if any(sign in text for sign in _DISK_SIGNS):
        return DISK_FULL
    if any(sign in text for sign in _NETWORK_SIGNS):
        return NO_NETWORK
    return ""


def fail(error: SetupError) -> int:
    """Print the error's message to standard error and return the exit code 1."""
    sys.stdout.flush()
    print(f"\nerror: {error}", file=sys.stderr, flush=True)
    return 1


def one_message(function: Callable[..., int]) -> Callable[..., int]:
    """Make a command end with one message and an exit code instead of a traceback.

    A ``SetupError`` or a full disk gives 1, an interrupt from the keyboard 130.
    """

    @functools.wraps(function)
    def guarded(*arguments, **options) -> int:
        try:
            return function(*arguments, **options)
        except SetupError as error:
            return fail(error)
        except OSError as error:
            if cause_of(str(error)) == DISK_FULL:
                return fail(SetupError(f"{DISK_FULL} ({error}). Make room and call again."))
            raise
        except KeyboardInterrupt:
            print("\nInterrupted. The next call goes on from here.", file=sys.stderr)
            return 130

    return guarded
