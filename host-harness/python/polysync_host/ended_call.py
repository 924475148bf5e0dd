"""A call that has ended, for a program's metrics."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import JobTypeError
from .plugin import PluginIdentity


@dataclass(frozen=True)
class EndedCall:
    """A call that has ended: what a program counts and measures."""

    name: str
    """Its name in the contract, such as `status` or `test-connection`, or `load`, `swap` and so on."""

    seconds: float
    """From the beginning to the end, with the time that it waited for its turn."""

    plugin: PluginIdentity | None
    """Which plugin was called, and of which generation; None where none was, or its task was cancelled."""

    error: JobTypeError | None
    """Why there is no answer; None where there is one.

    Its class makes a good label; its code is the plugin's own word, and there can be any number of them. A task that
    was cancelled counts as a HostError with the code `Cancelled`.
    """
