"""Takes the events of a host on a thread of its own, and gives each to whom it is for.

The library never calls into Python: no Python runs on a stack that a plugin runs on. Everything but the taking
happens in the event loop, so nothing here needs a lock.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from weakref import WeakValueDictionary

from . import _json, _logs, _native, errors
from ._questions import Questions
from .access import Access

_Batch = list[dict[str, Any]]

# So many that the wake-ups of the loop are few, and so few that the loop gets its turn between them.
_MOST_AT_ONCE = 256


class Watcher:
    """Whom to tell what a slot's watch does. It is told as long as somebody holds it."""

    def __init__(self) -> None:
        # None: nothing follows.
        self.events: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()


class Events:
    """The events of one host. Its methods are for the loop's thread alone."""

    def __init__(self, host: int, loop: asyncio.AbstractEventLoop) -> None:
        self._host = host
        self.loop = loop
        self.closed = asyncio.Event()
        self._calls: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._names = itertools.count(1)
        # Weak, so that a host that is referred to by its own callbacks alone can be collected: the thread holds this
        # object for as long as the host is open.
        self._connections: WeakValueDictionary[str, Access] = WeakValueDictionary()
        self._watchers: WeakValueDictionary[int, Watcher] = WeakValueDictionary()
        self._questions = Questions(host, loop)
        threading.Thread(
            target=_take, args=(host, loop, self._give, self._end), name="polysync-events", daemon=True
        ).start()

    def begin(self, handle: int, request: bytes) -> tuple[int, asyncio.Future[dict[str, Any]]]:
        """Begins a call. Gives its number, and what will hold its event."""
        # The event can't come before it is waited for: it comes through the loop, which runs this.
        call = _native.call(handle, request)
        ended: asyncio.Future[dict[str, Any]] = self.loop.create_future()
        self._calls[call] = ended
        return call, ended

    def cancel(self, call: int) -> None:
        """Ends a call early."""
        _native.cancel(self._host, call)

    def name(self) -> str:
        """A name for a connection."""
        return f"connection-{next(self._names)}"

    def add_connection(self, name: str, access: Access) -> None:
        """Lets this one be asked about the connection of this name, as long as somebody holds it."""
        self._connections[name] = access

    def watch(self, slot: int, watcher: Watcher) -> None:
        """Lets this one be told what the slot's watch does, in place of the one before."""
        self.unwatch(slot)
        self._watchers[slot] = watcher

    def unwatch(self, slot: int, watcher: Watcher | None = None) -> bool:
        """Tells the slot's watcher no more. Does nothing where that is another one than was given."""
        current = self._watchers.get(slot)
        if current is None or (watcher is not None and watcher is not current):
            return False
        del self._watchers[slot]
        current.events.put_nowait(None)
        return True

    def _give(self, batch: _Batch) -> None:
        for event in batch:
            kind = event["event"]
            if kind in ("answer", "error"):
                ended = self._calls.pop(event["call"], None)
                if ended is not None and not ended.done():
                    ended.set_result(event)
            elif kind in ("credentials-asked", "http-asked"):
                self._questions.ask(event, self._connections.get(event["connection"]))
            elif kind == "withdrawn":
                self._questions.withdraw(event["question"])
            elif kind in ("swapped", "swap-refused"):
                watcher = self._watchers.get(event["slot"])
                if watcher is not None:
                    watcher.events.put_nowait(event)

    def _end(self) -> None:
        """Ends what would wait for ever."""
        for ended in self._calls.values():
            if not ended.done():
                ended.set_exception(errors.host_closed())
        self._calls.clear()
        self._questions.end()
        for slot in list(self._watchers):
            self.unwatch(slot)
        self.closed.set()


def _take(
    host: int, loop: asyncio.AbstractEventLoop, give: Callable[[_Batch], None], end: Callable[[], None]
) -> None:
    # A daemon thread: an interpreter that exits with an open host doesn't wait for an event.
    is_open = True
    try:
        while is_open:
            batch, is_open = _batch(host)
            try:
                if batch:
                    loop.call_soon_threadsafe(give, batch)
            except RuntimeError:
                # The loop was closed before the host: nobody takes answers any more.
                _native.close(host)
    finally:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(end)


def _batch(host: int) -> tuple[_Batch, bool]:
    """The events that are there, but at least one; and whether others follow."""
    batch: _Batch = []
    wait = -1
    while len(batch) < _MOST_AT_ONCE:
        status, text = _native.next_event(host, wait)
        if status == _native.TIMEOUT:
            break
        if status != _native.OK or text is None:
            return batch, False
        wait = 0
        event = _json.read(text)
        if event["event"] in ("log", "log-dropped"):
            _log(event)
        else:
            batch.append(event)
    return batch, True


def _log(event: dict[str, Any]) -> None:
    # A handler that fails doesn't stop the host. A slow one holds up this thread and not the loop.
    with suppress(Exception):
        if event["event"] == "log":
            _logs.line(event)
        else:
            _logs.dropped(event["count"])
