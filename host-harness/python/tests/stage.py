"""What the tests run on: the built library, with an emulated platform.

POLYSYNC_TEST_STAGE has where everything is, as NAME=VALUE separated by semicolons: `url` of the emulator, the
components `sagemaker`, `sagemaker-next`, `glue` and `misbehaving`, and `cache`, a folder for compiled plugins.
"""

from __future__ import annotations

import asyncio
import os
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

import polysync_host
from polysync_host import (
    Access,
    Attribute,
    AwsCredentials,
    Connection,
    CredentialsProvider,
    JobType,
    PluginHost,
    Run,
    RunStatus,
    Slot,
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
