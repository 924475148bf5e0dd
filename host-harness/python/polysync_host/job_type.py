"""A job type on behalf of one connection: the calls of the contract."""

from __future__ import annotations

import weakref
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from . import _json, _native, errors
from .access import Access
from .contract import (
    Attribute,
    Cancellation,
    Connection,
    ConnectionReport,
    DeclaredParameter,
    DiscoveredJob,
    DiscoveryPage,
    Finding,
    Job,
    LogPage,
    LogPosition,
    Run,
    RunStatus,
    StartedRun,
    StepPage,
)
from .errors import JobTypeError

if TYPE_CHECKING:
    from .host import PluginHost


def _wish(guid: UUID) -> str:
    # All zeros would name every wish of a program that forgot to make one.
    if not guid.int:
        raise ValueError("the GUID is all zeros: make one by uuid.uuid4(), and store it")
    return str(guid)


@dataclass(frozen=True)
class RunOutcome:
    """What is known of one run of several: either `status` or `error` is given."""

    status: RunStatus | None
    error: JobTypeError | None
    """Why there is no status."""

    @staticmethod
    def from_json(json: dict[str, Any]) -> RunOutcome:
        """Reads the JSON form."""
        if "status" in json:
            return RunOutcome(RunStatus.from_json(json["status"]), None)
        return RunOutcome(None, errors.read(json["error"]))


class JobType:
    """A job type on behalf of one connection. Any number of tasks can call it at once.

    Each call raises PlatformRefused where the platform says no, and PluginBroken where the plugin breaks or uses up a
    limit. A task that is cancelled ends its call. In the last two cases the platform may have done what was asked.
    """

    def __init__(self, host: PluginHost, slot: int, connection: Connection, access: Access) -> None:
        """Made by `Slot.connect`."""
        self._host = host
        # The events find it by the name as long as it is held here.
        self._access = access
        name = host._events.name()
        document = {"name": name, "connection": connection.to_json(), **access.to_json()}
        self._handle = _native.connection_new(slot, _json.write(document))
        host._events.add_connection(name, access)
        self._finalizer = weakref.finalize(self, _native.close, self._handle)
        # At the exit of the interpreter there is nobody left to free it for.
        self._finalizer.atexit = False

    def __enter__(self) -> JobType:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    async def validate(self, job: Job, declared: Iterable[DeclaredParameter] | None = None) -> list[Finding]:
        """What is wrong with a job, without asking the platform. Nothing: all is well."""
        known = None if declared is None else [parameter.to_json() for parameter in declared]
        answer = await self._call("validate", job=job.to_json(), declared=known)
        return [Finding.from_json(item) for item in answer]

    async def test_connection(self) -> ConnectionReport:
        """Tests endpoint, credentials and permission."""
        return ConnectionReport.from_json(await self._call("test-connection"))

    async def discover(self, cursor: str | None = None) -> DiscoveryPage:
        """One page of the platform's jobs; the first without a cursor."""
        return DiscoveryPage.from_json(await self._call("discover", cursor=cursor))

    async def discovery_pages(self) -> AsyncIterator[DiscoveryPage]:
        """All pages of the platform's jobs."""
        cursor = None
        while True:
            page = await self.discover(cursor)
            yield page
            cursor = page.next_cursor
            if cursor is None:
                return

    async def inspect(self, external_id: str) -> DiscoveredJob:
        """One job, as the platform knows it now."""
        return DiscoveredJob.from_json(await self._call("inspect", externalId=external_id))

    async def start(self, job: Job, guid: UUID) -> StartedRun:
        """Starts a run.

        Store the GUID before: it names this wish, and is repeated only for it, after a crash or a lost answer. Where
        the job type hasn't the feature idempotent-start, don't repeat it at all.
        """
        return StartedRun.from_json(await self._call("start", job=job.to_json(), guid=_wish(guid)))

    async def status(self, run: Run) -> RunStatus:
        """How a run is."""
        return RunStatus.from_json(await self._call("status", run=run.to_json()))

    async def statuses(self, runs: Iterable[Run]) -> list[RunOutcome]:
        """The states of many runs with few requests, in their order. Each run has its own outcome."""
        answer = await self._call("statuses", runs=[run.to_json() for run in runs])
        return [RunOutcome.from_json(item) for item in answer]

    async def cancel(self, run: Run, guid: UUID) -> Cancellation:
        """Asks the platform to stop a run. Each further wish has a GUID of its own."""
        return Cancellation.from_json(await self._call("cancel", run=run.to_json(), guid=_wish(guid)))

    async def retry(self, run: Run, guid: UUID, attributes: Iterable[Attribute] = ()) -> StartedRun:
        """Runs again what failed, under the same run id."""
        members = _json.members(attributes)
        return StartedRun.from_json(await self._call("retry", run=run.to_json(), attributes=members, guid=_wish(guid)))

    async def steps(self, run: Run, cursor: str | None = None) -> StepPage:
        """One page of a run's steps; the first without a cursor."""
        return StepPage.from_json(await self._call("steps", run=run.to_json(), cursor=cursor))

    async def step_pages(self, run: Run) -> AsyncIterator[StepPage]:
        """All pages of a run's steps."""
        cursor = None
        while True:
            page = await self.steps(run, cursor)
            yield page
            cursor = page.next_cursor
            if cursor is None:
                return

    async def logs(self, run: Run, step: str, position: LogPosition) -> LogPage:
        """One page of what a step's job wrote."""
        answer = await self._call("logs", run=run.to_json(), step=step, position=position.to_json())
        return LogPage.from_json(answer)

    async def monitor_url(self, run: Run) -> str:
        """The page on which a person follows the run on the platform's own site."""
        url: str = await self._call("monitor-url", run=run.to_json())
        return url

    async def account_id(self) -> str | None:
        """The account of the connection's credentials, as far as they tell it."""
        account: str | None = await self._call("account-id")
        return account

    def close(self) -> None:
        """Gives the connection up. Calls that are under way end by themselves."""
        self._finalizer()

    async def _call(self, call: str, **members: Any) -> Any:
        return await self._host._call(self._handle, {"call": call, **members})
