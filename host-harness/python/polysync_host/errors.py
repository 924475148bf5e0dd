"""Why a call has no answer. Each cause has a class of its own below JobTypeError."""

from __future__ import annotations

from typing import Any

from .contract import ErrorClass, PlatformError
from .plugin import PluginIdentity


class JobTypeError(Exception):
    """A call has no answer."""

    def __init__(self, code: str, message: str, hint: str, retryable: bool) -> None:
        super().__init__(message)
        self.code = code
        """Which error it is, for a program."""
        self.hint = hint
        """What to do about it, for a person. May be empty."""
        self.retryable = retryable
        """Whether the same call may succeed later without anybody changing anything."""


class PlatformRefused(JobTypeError):
    """The platform, or the job type on its behalf, says no."""

    def __init__(self, error: PlatformError, plugin: PluginIdentity | None) -> None:
        super().__init__(error.code, f"{error.code}: {error.message}", error.hint, error.retryable)
        self.error = error
        """The error as the job type tells it."""
        self.plugin = plugin
        """The plugin that was called; None for one run of several."""

    @property
    def class_(self) -> ErrorClass:
        """What kind of trouble it is, for a host that has to decide."""
        return self.error.class_


class PluginBroken(JobTypeError):
    """The plugin broke, used up a limit, or can't be loaded.

    The platform may have done what was asked up to then.
    """

    def __init__(self, error: dict[str, Any], plugin: PluginIdentity | None) -> None:
        super().__init__(error["code"], error["message"], error["hint"], error["retryable"])
        self.plugin = plugin
        """The plugin that was called; None where none was loaded, and for one run of several."""


class HostError(JobTypeError):
    """The library can't do what it was asked: an argument is wrong, or the host is closed."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["code"], error["message"], error["hint"], error["retryable"])


def read(error: dict[str, Any], plugin: dict[str, Any] | None = None) -> JobTypeError:
    """The exception for an error of the library."""
    identity = None if plugin is None else PluginIdentity.from_json(plugin)
    if error["class"] == "plugin":
        return PluginBroken(error, identity)
    if error["class"] == "host":
        return HostError(error)
    return PlatformRefused(PlatformError.from_json(error), identity)


def host_closed() -> HostError:
    """The error of a call on a host that is gone."""
    return _host_error("HostClosed", "the host is closed", "Make a new host.")


def cancelled() -> HostError:
    """The error of a call whose task was cancelled."""
    return _host_error("Cancelled", "the call was cancelled", "The platform may have done what was asked up to then.")


def _host_error(code: str, message: str, hint: str) -> HostError:
    return HostError({"code": code, "message": message, "hint": hint, "retryable": False})
