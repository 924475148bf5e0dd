"""The package on the built library, with an emulated platform.

POLYSYNC_TEST_STAGE has where everything is, as NAME=VALUE separated by semicolons: `url` of the emulator, the
components `sagemaker`, `sagemaker-next`, `glue` and `misbehaving`, and `cache`, a folder for compiled plugins.
"""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import uuid
import warnings
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import polysync_host
from polysync_host import (
    Access,
    Attribute,
    AwsCredentials,
    CancelOutcome,
    Connection,
    CredentialsProvider,
    ErrorClass,
    HostError,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Job,
    JobType,
    JobTypeError,
    LogPosition,
    PlatformRefused,
    PluginBroken,
    PluginHost,
    Run,
    RunState,
    RunStatus,
    Slot,
    Watched,
)

STAGE = dict(pair.split("=", 1) for pair in os.environ["POLYSYNC_TEST_STAGE"].split(";"))
PACKAGE = Path(polysync_host.__file__).parents[1]


async def emulators_credentials() -> AwsCredentials:
    expires_at = datetime.now(timezone.utc) + timedelta(hours=1)
    return AwsCredentials("emulator", "emulator-secret", expires_at=expires_at)


def access(credentials: CredentialsProvider = emulators_credentials) -> Access:
    return Access(http=[STAGE["url"]], aws_signing=["sagemaker", "logs"], credentials=credentials)


def ordered(slot: Slot, order: str, allowed: Access | None = None) -> JobType:
    """A connection that makes the misbehaving plugin do this."""
    attributes = (Attribute(name="order", value=order),)
    return slot.connect(Connection(region="r", attributes=attributes), allowed)


async def finished(job_type: JobType, run: Run) -> RunStatus:
    while not (status := await job_type.status(run)).finished:
        await asyncio.sleep(0.02)
    return status


class Staged(unittest.IsolatedAsyncioTestCase):
    """A test with a host."""

    limits: dict[str, int] = {}

    async def asyncSetUp(self) -> None:
        self.host = PluginHost(cache=STAGE["cache"], limits=self.limits)
        self.addAsyncCleanup(self.host.close)

    async def load(self, component: str) -> Slot:
        return await self.host.load(STAGE[component])

    async def connected(self, allowed: Access | None = None) -> JobType:
        """The job type of the emulator."""
        connection = Connection(region="us-east-1", endpoint=STAGE["url"])
        return (await self.load("sagemaker")).connect(connection, allowed or access())

    async def no_call_is_left(self) -> None:
        while (await self.host.usage()).calls:
            await asyncio.sleep(0.01)


class RunTests(Staged):
    """What the README shows: find jobs, start one, follow it, cancel it."""

    async def test_a_job_is_found_started_followed_and_cancelled(self) -> None:
        job_type = await self.connected()
        self.assertIn("us-east-1", (await job_type.test_connection()).message)
        found = {job.name: job async for page in job_type.discovery_pages() for job in page.jobs}
        abalone = found["abalone-training"]
        name = Attribute(name="execution-display-name", value="from-Python")
        job = Job(external_id=abalone.external_id, attributes=(name,))
        self.assertEqual([], await job_type.validate(job, abalone.parameters))

        guid = uuid.uuid4()
        started = await job_type.start(job, guid)
        self.assertEqual(started.run_id, (await job_type.start(job, guid)).run_id)
        run = Run(run_id=started.run_id, external_id=abalone.external_id)
        status = await job_type.status(run)
        self.assertEqual(RunState.RUNNING, status.state)
        assert status.started_at is not None
        self.assertLess(abs(datetime.now(timezone.utc) - status.started_at), timedelta(hours=1))
        self.assertIn("from-Python", [detail.value for detail in status.details])
        self.assertTrue((await job_type.monitor_url(run)).startswith("https://"))
        self.assertTrue([step async for page in job_type.step_pages(run) for step in page.steps])

        self.assertEqual(CancelOutcome.REQUESTED, (await job_type.cancel(run, uuid.uuid4())).outcome)
        self.assertEqual(RunState.CANCELLED, (await finished(job_type, run)).state)

    async def test_the_log_of_a_failed_step_says_why(self) -> None:
        job_type = await self.connected()
        started = await job_type.start(Job(external_id="churn-training-fails"), uuid.uuid4())
        run = Run(run_id=started.run_id)
        status = await finished(job_type, run)
        self.assertEqual(RunState.FAILED, status.state)
        (step,) = status.failed_steps
        self.assertTrue(step.has_log)
        page = await job_type.logs(run, step.name, LogPosition.last(50))
        self.assertTrue(any("Traceback" in line.message for line in page.lines))
        self.assertEqual((), (await job_type.logs(run, step.name, LogPosition.after(page.cursor))).lines)
        self.assertTrue((await job_type.logs(run, step.name, LogPosition.oldest())).lines)

    async def test_the_states_of_many_runs_have_an_outcome_each(self) -> None:
        job_type = await self.connected()
        started = await job_type.start(Job(external_id="abalone-training"), uuid.uuid4())
        good, bad = await job_type.statuses([Run(run_id=started.run_id), Run(run_id="not one")])
        self.assertTrue(good.status is not None and good.error is None)
        assert isinstance(bad.error, PlatformRefused)
        self.assertEqual(("InvalidRunId", ErrorClass.INVALID), (bad.error.code, bad.error.class_))

    async def test_the_platforms_error_has_its_class_its_code_and_its_hint(self) -> None:
        job_type = await self.connected()
        with self.assertRaises(PlatformRefused) as raised:
            await job_type.inspect("no-such-pipeline")
        error = raised.exception
        self.assertEqual(("ResourceNotFound", ErrorClass.NOT_FOUND, False), (error.code, error.class_, error.retryable))
        self.assertTrue(error.hint)
        assert error.plugin is not None
        self.assertEqual("sagemaker-pipeline", error.plugin.id)


class CallbackTests(Staged):
    """What the program brings: credentials and HTTP."""

    async def test_credentials_are_asked_for_once_and_kept(self) -> None:
        asked = 0

        async def counted() -> AwsCredentials:
            nonlocal asked
            asked += 1
            await asyncio.sleep(0.05)
            return await emulators_credentials()

        job_type = await self.connected(access(counted))
        await asyncio.gather(*(job_type.test_connection() for _ in range(20)))
        self.assertEqual(1, asked)
        self.assertNotIn("emulator-secret", repr(await counted()))

    async def test_a_provider_that_fails_is_a_denial_and_its_words_go_to_the_log_alone(self) -> None:
        async def sealed() -> AwsCredentials:
            raise LookupError("the vault is sealed")

        job_type = await self.connected(access(sealed))
        with self.assertLogs("polysync.host", "WARNING") as logs, self.assertRaises(PlatformRefused) as raised:
            await job_type.test_connection()
        self.assertEqual(ErrorClass.DENIED, raised.exception.class_)
        self.assertNotIn("vault", str(raised.exception))
        self.assertIn("the vault is sealed", "".join(logs.output))

    async def test_requests_go_by_a_client_of_Python_after_the_grants(self) -> None:
        urls: list[str] = []

        async def client(request: HttpRequest) -> HttpResponse:
            urls.append(request.url)
            if request.url.endswith("lost"):
                raise HttpFailure("connect", "the cable is cut")
            return HttpResponse(203, [("x-a", "1")], b"found")

        allowed = Access(http=["https://granted.example.com"], http_client=client)
        slot = await self.load("misbehaving")
        for url, told in [
            ("https://granted.example.com/a", "203"),
            ("https://granted.example.com/lost", "the cable is cut"),
            ("https://other.example.com/", "not granted"),
        ]:
            with self.assertRaisesRegex(PlatformRefused, told):
                await ordered(slot, f"send {url}", allowed).test_connection()
        self.assertEqual(["https://granted.example.com/a", "https://granted.example.com/lost"], urls)

    async def test_the_lines_of_plugins_go_to_logging(self) -> None:
        slot = await self.load("misbehaving")
        with self.assertLogs("polysync.plugin", "ERROR") as logs, self.assertRaises(PluginBroken):
            await ordered(slot, "panic-in-words").test_connection()
        self.assertEqual(["ERROR:polysync.plugin:panicked at the disco"], logs.output)
        self.assertEqual("test-connection", logs.records[0].__dict__["fields"]["call"])


class HostileTests(Staged):
    """No plugin harms the host."""

    limits = {"callTimeoutMilliseconds": 2000}

    async def test_each_hostile_plugin_has_its_own_error_and_the_next_call_is_answered(self) -> None:
        slot = await self.load("misbehaving")
        well = slot.connect(Connection(region="r"))
        for order, code in {
            "trap": "Trap",
            "loop": "Timeout",
            "take-memory": "OutOfMemory",
            "recurse": "StackOverflow",
            "panic-in-words": "Trap",
            "send-for-ever": "TooManyRequests",
            "sleep": "Timeout",
        }.items():
            with self.subTest(order), self.assertRaises(PluginBroken) as raised:
                await ordered(slot, order).test_connection()
            self.assertEqual(code, raised.exception.code)
            await well.test_connection()
        # Whether it gets to its end in time depends on the machine.
        with self.assertRaises(JobTypeError):
            await ordered(slot, "log-flood").test_connection()
        await well.test_connection()
        self.assertEqual(0, (await self.host.usage()).calls)

    async def test_two_thousand_calls_at_64_in_flight_with_collections_all_have_an_answer(self) -> None:
        job_type = (await self.load("misbehaving")).connect(Connection(region="r"))
        left = iter(range(2000))
        answers = 0

        async def caller() -> None:
            nonlocal answers
            for _ in left:
                await job_type.test_connection()
                answers += 1
                if answers % 200 == 0:
                    gc.collect()

        await asyncio.gather(*(caller() for _ in range(64)))
        self.assertEqual(2000, answers)

    async def test_a_task_that_is_cancelled_ends_its_call(self) -> None:
        looping = ordered(await self.load("misbehaving"), "loop")
        call = asyncio.create_task(looping.test_connection())
        await asyncio.sleep(0.1)
        call.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await call
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(looping.test_connection(), 0.1)
        await asyncio.wait_for(self.no_call_is_left(), 1)


class SwapTests(Staged):
    """Swaps lose nothing."""

    async def test_a_swap_under_load_loses_no_call(self) -> None:
        slot = await self.load("sagemaker")
        job_type = slot.connect(Connection(region="us-east-1", endpoint=STAGE["url"]), access())
        stop = asyncio.Event()

        async def caller() -> int:
            calls = 0
            while not stop.is_set():
                await job_type.validate(Job(external_id="p"))
                calls += 1
            return calls

        callers = [asyncio.create_task(caller()) for _ in range(16)]
        for _ in range(5):
            swap = await slot.swap(STAGE["sagemaker-next"])
            self.assertEqual("0.2.0", swap.serving.version)
            assert swap.replaced is not None
            self.assertEqual("0.1.0", swap.replaced.version)
            self.assertEqual("0.1.0", (await slot.rollback()).serving.version)
        stop.set()
        self.assertTrue(all(await asyncio.gather(*callers)))
        self.assertEqual("0.1.0", (await slot.generations())[-1].plugin.version)

    async def test_a_plugin_that_cannot_take_over_leaves_the_old_one_serving(self) -> None:
        slot = await self.load("sagemaker")
        for file, sha256, code in [
            (STAGE["glue"], None, "OtherJobType"),
            (STAGE["sagemaker-next"], "0" * 64, "WrongDigest"),
            ("/nowhere.wasm", None, "CannotRead"),
        ]:
            with self.subTest(code), self.assertRaises(PluginBroken) as raised:
                await slot.swap(file, sha256=sha256)
            self.assertEqual(code, raised.exception.code)
        self.assertEqual("sagemaker-pipeline", (await slot.describe()).id)
        same = await slot.swap(Path(STAGE["sagemaker"]).read_bytes())
        self.assertIsNone(same.replaced)

    async def test_a_watched_file_is_swapped_in_and_each_swap_is_told(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file, beside = Path(folder.name) / "plugin.wasm", Path(folder.name) / "new.wasm"
        shutil.copy(STAGE["sagemaker"], file)
        slot = await self.host.load(file)
        async with slot.watch(file) as swaps:
            told: list[Watched] = []
            for component in ("sagemaker-next", "glue"):
                shutil.copy(STAGE[component], beside)
                beside.replace(file)
                told.append(await asyncio.wait_for(swaps.__anext__(), 30))
        assert told[0].swap is not None and told[1].error is not None
        self.assertEqual(("0.2.0", "OtherJobType"), (told[0].swap.serving.version, told[1].error.code))
        self.assertEqual([], [swap async for swap in swaps])
        with self.assertRaises(HostError):
            async with slot.watch("/no/folder/plugin.wasm"):
                self.fail("there is nothing to watch")


class LifeTests(unittest.IsolatedAsyncioTestCase):
    """A host ends, and says what is wrong with how it is used."""

    async def test_a_host_that_is_closed_ends_its_calls_and_takes_no_more(self) -> None:
        async with PluginHost(cache=STAGE["cache"]) as host:
            slot = await host.load(STAGE["misbehaving"])
            looping = ordered(slot, "loop")
            call = asyncio.create_task(looping.test_connection())
            await asyncio.sleep(0.1)
        with self.assertRaises(HostError) as raised:
            await call
        self.assertEqual("HostClosed", raised.exception.code)
        with self.assertRaises(HostError):
            await looping.test_connection()
        looping.close()
        slot.close()
        await host.close()

    async def test_a_host_that_nobody_holds_is_closed_with_a_warning(self) -> None:
        async def left() -> None:
            host = PluginHost(cache=STAGE["cache"])
            await ordered(await host.load(STAGE["misbehaving"]), "time-left").test_connection()

        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always", ResourceWarning)
            with self.assertRaises(PlatformRefused):
                await left()
            gc.collect()
        self.assertTrue(any("was not closed" in str(warning.message) for warning in found))

    async def test_what_cannot_be_used_is_refused_by_name(self) -> None:
        wrong: list[dict[str, Any]] = [{"limits": {"callTimeout": 1}}, {"threads": 0}, {"log": "loud"}]
        for options in wrong:
            (name,) = options.get("limits", options)
            with self.subTest(name), self.assertRaisesRegex(HostError, "loud" if name == "log" else name):
                PluginHost(**options)
        async with PluginHost(cache=STAGE["cache"]) as host:
            slot = await host.load(STAGE["misbehaving"])
            with self.assertRaisesRegex(HostError, "nonsense"):
                slot.connect(Connection(region="r"), Access(http=["nonsense"]))
            with self.assertRaisesRegex(TypeError, "list"):
                slot.connect(Connection(region="r"), Access(http="https://a.example"))

    async def test_an_interpreter_exits_with_an_open_host(self) -> None:
        program = (
            "import asyncio, os, polysync_host as p\n"
            "async def main():\n"
            "    global host, call\n"
            "    host = p.PluginHost(cache=os.environ['CACHE'])\n"
            "    slot = await host.load(os.environ['PLUGIN'])\n"
            "    order = p.Attribute(name='order', value='loop')\n"
            "    looping = slot.connect(p.Connection(region='r', attributes=(order,)))\n"
            "    call = asyncio.ensure_future(looping.test_connection())\n"
            "    await asyncio.sleep(0.1)\n"
            "asyncio.run(main())\n"
        )
        environment = {**os.environ, "CACHE": STAGE["cache"], "PLUGIN": STAGE["misbehaving"]}
        environment["PYTHONPATH"] = str(PACKAGE)
        ended = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", program], env=environment, timeout=30, capture_output=True
        )
        self.assertEqual(0, ended.returncode, ended.stderr)

    async def test_a_library_that_is_not_there_is_named(self) -> None:
        environment = {**os.environ, "POLYSYNC_HOST_LIBRARY": "/nowhere.so", "PYTHONPATH": str(PACKAGE)}
        program = "import polysync_host; polysync_host.version()"
        ended = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", program], env=environment, capture_output=True
        )
        self.assertIn(b"POLYSYNC_HOST_LIBRARY", ended.stderr)


if __name__ == "__main__":
    unittest.main()
