"""What a host promises: no plugin harms it, and it ends."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import unittest
import uuid
import warnings
from typing import Any

from polysync_host import (
    Access,
    Connection,
    HostError,
    JobTypeError,
    PlatformRefused,
    PluginBroken,
    PluginHost,
    Run,
)
from stage import PACKAGE, STAGE, Staged, ordered


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
            "escape-log": "Trap",
            "panic-in-words": "Trap",
            "send-for-ever": "TooManyRequests",
            "send-many-at-once": "TooManyRequests",
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
            job_type = slot.connect(Connection(region="r"))
            with self.assertRaisesRegex(ValueError, "zeros"):
                await job_type.cancel(Run(run_id="r"), uuid.UUID(int=0))
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
