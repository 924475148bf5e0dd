"""What the README shows: runs, and swaps."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

from polysync_host import (
    Attribute,
    CancelOutcome,
    Connection,
    ErrorClass,
    HostError,
    Job,
    LogPosition,
    PlatformRefused,
    PluginBroken,
    Run,
    RunState,
    Watched,
)
from stage import STAGE, Staged, access, finished


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
        self.assertEqual(page.lines, (await job_type.logs(run, step.name, LogPosition.oldest())).lines)
        self.assertEqual(page.lines[-2:], (await job_type.logs(run, step.name, LogPosition.last(2))).lines)

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
