"""A slot: one job type, whose plugin can be swapped while calls are under way."""

from __future__ import annotations

import os
import weakref
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from . import _native, errors
from ._events import Watcher
from ._source import Component, source
from .access import Access, grants
from .contract import Connection, Description
from .errors import JobTypeError
from .job_type import JobType
from .plugin import Generation, GrantRequest, SwapOutcome

if TYPE_CHECKING:
    from .host import PluginHost


class Slot:
    """Serves one job type by a plugin that can be swapped.

    Calls under way finish on the code that they began on, and calls that begin afterwards get the new code.
    """

    def __init__(self, host: PluginHost, handle: int) -> None:
        """Made by `PluginHost.load`."""
        self._host = host
        self._handle = handle
        self._finalizer = weakref.finalize(self, _native.close, handle)
        # At the exit of the interpreter there is nobody left to free it for.
        self._finalizer.atexit = False

    def __enter__(self) -> Slot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    async def describe(self) -> Description:
        """What the plugin that serves says of itself."""
        return Description.from_json(await self._call({"call": "describe"}))

    async def requests(self, connection: Connection) -> list[GrantRequest]:
        """What the plugin asks to be granted for a connection. Show it to a person before you grant it."""
        answer = await self._call({"call": "requests", "connection": connection.to_json()})
        return [GrantRequest.from_json(item) for item in answer]

    async def swap(self, component: Component, *, sha256: str | None = None) -> SwapOutcome:
        """Lets another plugin take over, once everything that can fail is done.

        Raises PluginBroken where it can't take over; the one that serves goes on.
        """
        return SwapOutcome.from_json(await self._call({"call": "swap", "source": source(component, sha256)}))

    async def rollback(self) -> SwapOutcome:
        """Goes back to the plugin before."""
        return SwapOutcome.from_json(await self._call({"call": "rollback"}))

    async def rollback_to(self, component: Component, *, sha256: str | None = None) -> SwapOutcome:
        """Goes back to a build that was kept elsewhere."""
        return SwapOutcome.from_json(await self._call({"call": "rollback-to", "source": source(component, sha256)}))

    async def generations(self) -> list[Generation]:
        """The plugins that serve or have calls under way."""
        return [Generation.from_json(item) for item in await self._call({"call": "generations"})]

    async def set_policy(
        self,
        when_needs_grow: Literal["refuse", "swap"],
        *,
        http: Sequence[str] = (),
        aws_signing: Sequence[str] = (),
    ) -> None:
        """What happens at a swap to a plugin that asks for more than the one that serves.

        `http` and `aws_signing` are what the connections are granted beyond that.
        """
        granted = grants(http, aws_signing)
        await self._call({"call": "policy", "whenNeedsGrow": when_needs_grow, "granted": granted})

    def watch(self, file: str | os.PathLike[str]) -> Watch:
        """Swaps the plugin whenever this file changes, inside `async with`. A slot has one watch at a time."""
        return Watch(self, os.fspath(file))

    def connect(self, connection: Connection, access: Access | None = None) -> JobType:
        """The job type on behalf of a connection. Keep it for as long as the connection is in use.

        Raises HostError where a grant can't be used.
        """
        return JobType(self._host, self._handle, connection, access or Access())

    def close(self) -> None:
        """Gives the slot up. Calls that are under way end by themselves."""
        self._host._events.unwatch(self._handle)
        self._finalizer()

    async def _call(self, request: dict[str, Any]) -> Any:
        return await self._host._call(self._handle, request)


@dataclass(frozen=True)
class Watched:
    """A watched file has changed: either `swap` or `error` is given."""

    swap: SwapOutcome | None
    """Its plugin has taken over."""
    error: JobTypeError | None
    """Its plugin can't take over, and the one that serves goes on."""


class Watch:
    """Swaps a slot's plugin whenever a file changes, and tells each swap.

    The swaps happen whether they are read or not. The iteration ends with the watch: when its block is left, when the
    slot gets another watch, and when the slot or the host is closed.
    """

    def __init__(self, slot: Slot, file: str) -> None:
        """Made by `Slot.watch`."""
        self._slot = slot
        self._file = file
        self._watcher = Watcher()

    async def __aenter__(self) -> AsyncIterator[Watched]:
        events = self._slot._host._events
        # Before the call: the first swap can come with its answer.
        events.watch(self._slot._handle, self._watcher)
        try:
            await self._slot._call({"call": "watch", "file": self._file})
        except BaseException:
            events.unwatch(self._slot._handle, self._watcher)
            raise
        return self._swaps()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._slot._host._events.unwatch(self._slot._handle, self._watcher):
            await self._slot._call({"call": "unwatch"})

    async def _swaps(self) -> AsyncIterator[Watched]:
        while (event := await self._watcher.events.get()) is not None:
            if event["event"] == "swapped":
                yield Watched(SwapOutcome.from_json(event), None)
            else:
                yield Watched(None, errors.read(event["error"]))
