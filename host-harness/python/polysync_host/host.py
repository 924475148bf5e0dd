"""A host: loads plugins, and holds what they share."""

from __future__ import annotations

import asyncio
import logging
import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal

from . import _json, _native, errors
from ._events import Events
from ._source import Component, source
from .ended_call import EndedCall
from .plugin import PluginIdentity
from .slot import Slot

LogLevel = Literal["off", "error", "warn", "info", "debug", "trace"]


@dataclass(frozen=True)
class Usage:
    """What the calls of all plugins of a host use at one moment."""

    calls: int
    """Calls that run."""
    waiting: int
    """Calls that wait for their turn."""
    instances: int
    """Instances of plugins."""
    memories: int
    """Memories of plugins."""
    stacks: int
    """Stacks of plugins."""


class PluginHost:
    """Loads plugins, and holds what they share. One is enough for a process.

    A host belongs to the event loop in which it is made, and to its thread. Use it with `async with`, or close it.
    """

    # For a host that couldn't be made, and is collected all the same.
    _handle: int | None = None
    _is_closing = False

    def __init__(
        self,
        *,
        cache: str | os.PathLike[str] | None = None,
        log: LogLevel = "info",
        threads: int | None = None,
        limits: Mapping[str, int] | None = None,
        on_call_ended: Callable[[EndedCall], None] | None = None,
    ) -> None:
        """Starts a host, which takes some milliseconds. What isn't given is as the library recommends.

        cache: an absolute folder for compiled plugins, so that one that was compiled once loads in milliseconds. The
        library makes it private, and refuses one that others can write to.
        log: the least level of lines that go to `logging`, whose own levels hold as well.
        threads: how many threads run plugins; as many as there are processors if not given.
        limits: by their names in the library's documents, such as `callTimeoutMilliseconds`.
        on_call_ended: gets each call when it has ended, for the program's metrics, in the event loop. What it raises is
        logged.

        Raises HostError where an option can't be used, and OSError where the library can't be loaded.
        """
        options = {
            "cache": None if cache is None else os.fspath(cache),
            "log": log,
            "threads": threads,
            "limits": dict(limits or {}),
        }
        self._on_call_ended = on_call_ended
        loop = asyncio.get_running_loop()
        self._handle = _native.host_new(_json.write(options))
        self._events = Events(self._handle, loop)

    async def __aenter__(self) -> PluginHost:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __del__(self) -> None:
        if self._handle is not None and not self._is_closing:
            _native.close(self._handle)
            warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self, stacklevel=2)

    async def load(self, component: Component, *, sha256: str | None = None) -> Slot:
        """Loads a plugin into a slot of its own.

        sha256: accepts only the build with this digest, in hexadecimal digits.

        Raises PluginBroken where it can't be loaded; the message says why.
        """
        slot = Slot(self, _native.slot_new(self._number()))
        try:
            await slot._call({"call": "load", "source": source(component, sha256)})
        except BaseException:
            slot.close()
            raise
        return slot

    async def usage(self) -> Usage:
        """What the calls of all plugins use at this moment."""
        return Usage(**await self._call(self._number(), {"call": "usage"}))

    async def close(self) -> None:
        """Ends all calls, and frees what the host holds. Returns when the last call has ended."""
        if not self._is_closing:
            self._is_closing = True
            _native.close(self._number())
        # Another loop is never told.
        self._check_loop()
        await self._events.closed.wait()

    def _number(self) -> int:
        return self._handle or 0

    def _check_loop(self) -> None:
        if asyncio.get_running_loop() is not self._events.loop:
            raise RuntimeError("the host was made in another event loop: make one in this loop")

    async def _call(self, handle: int, request: dict[str, Any]) -> Any:
        """Makes a call, and gives its answer."""
        self._check_loop()
        if self._is_closing:
            raise errors.host_closed()
        began = self._events.loop.time()
        call, ended = self._events.begin(handle, _json.write(request))
        try:
            event = await ended
        except asyncio.CancelledError:
            self._events.cancel(call)
            self._tell(EndedCall(request["call"], self._events.loop.time() - began, None, errors.cancelled()))
            raise
        error = None if event["event"] == "answer" else errors.read(event["error"], event["plugin"])
        plugin = None if event["plugin"] is None else PluginIdentity.from_json(event["plugin"])
        self._tell(EndedCall(request["call"], event["microseconds"] / 1e6, plugin, error))
        if error is not None:
            raise error
        return event["answer"]

    def _tell(self, call: EndedCall) -> None:
        if self._on_call_ended is None:
            return
        try:
            self._on_call_ended(call)
        except Exception as error:  # A meter that fails doesn't fail the call.
            logging.getLogger("polysync.host").warning("on_call_ended failed", exc_info=error)
