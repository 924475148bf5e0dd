"""What is passed arrives whole, in both directions."""

from __future__ import annotations

import asyncio
import os
import tempfile
import unittest.mock
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

from polysync_host import (
    Access,
    Attribute,
    AwsCredentials,
    AwsEnvironment,
    Connection,
    DeclaredParameter,
    GrantRequest,
    HostError,
    HttpRequest,
    HttpResponse,
    Job,
    PlatformRefused,
    PluginBroken,
    Run,
    _native,
)
from stage import STAGE, Staged, access, emulators_credentials, ordered


class CallTests(Staged):
    """Calls of a job type."""

    async def test_a_client_of_Python_sends_the_whole_request_and_its_response_is_read(self) -> None:
        sent: list[HttpRequest] = []

        async def client(request: HttpRequest) -> HttpResponse:
            sent.append(request)
            body = b'{"__type": "ThrottlingException", "message": "slow down"}'
            return HttpResponse(400, [("x-amzn-requestid", "id-1")], body)

        async def credentials() -> AwsCredentials:
            return AwsCredentials("key", "secret", "token")

        allowed = Access(http=[STAGE["url"]], aws_signing=["sagemaker"], credentials=credentials, http_client=client)
        with self.assertRaisesRegex(PlatformRefused, "slow down") as raised:
            await (await self.connected(allowed)).inspect("p")
        self.assertEqual(("id-1", True), (raised.exception.error.request_id, raised.exception.retryable))
        request = sent[0]
        self.assertEqual(("POST", b'{"PipelineName":"p"}', 30.0), (request.method, request.body, request.timeout))
        self.assertEqual(("token", "loopback"), (dict(request.headers)["x-amz-security-token"], request.addresses))

    async def test_a_retry_has_its_attributes_and_its_guid(self) -> None:
        bodies: list[bytes] = []

        async def client(request: HttpRequest) -> HttpResponse:
            bodies.append(request.body)
            return HttpResponse(200, [], b"{}")

        allowed = Access(
            http=[STAGE["url"]], aws_signing=["sagemaker"], credentials=emulators_credentials, http_client=client
        )
        run = Run(run_id="arn:aws:sagemaker:us-east-1:123456789012:pipeline/p/execution/abcdefghijkl")
        attribute = Attribute(name="max-parallel-execution-steps", value="2")
        guid = uuid.uuid4()
        await (await self.connected(allowed)).retry(run, guid, [attribute])
        self.assertIn(b'"MaxParallelExecutionSteps":2', bodies[0])
        self.assertIn(str(guid).encode(), bodies[0])

    async def test_a_request_that_nobody_waits_for_is_cancelled(self) -> None:
        for closes in (False, True):
            asked, given_up = asyncio.Event(), asyncio.Event()

            async def client(request: HttpRequest) -> HttpResponse:
                asked.set()
                try:
                    await asyncio.Event().wait()
                finally:
                    given_up.set()
                raise AssertionError

            allowed = Access(http=["https://a.example"], http_client=client)
            waiting = ordered(await self.load("misbehaving"), "send https://a.example/", allowed)
            call = asyncio.create_task(waiting.test_connection())
            await asked.wait()
            if closes:
                await self.host.close()
                with self.assertRaises(HostError):
                    await call
            else:
                call.cancel()
            await given_up.wait()

    async def test_pages_follow_each_other(self) -> None:
        job_type = ordered(await self.load("misbehaving"), "pages 1 1 3")
        self.assertEqual("2", (await job_type.discover("1")).next_cursor)
        self.assertEqual("2", (await job_type.steps(Run(run_id="r"), "1")).next_cursor)

    async def test_a_job_is_checked_against_what_the_platform_declares(self) -> None:
        job_type = await self.connected()
        needed = DeclaredParameter(name="Needed", data_type="String", required=True)
        (finding,) = await job_type.validate(Job(external_id="p"), [needed])
        self.assertEqual("parameters.Needed", finding.field)

    async def test_credentials_say_when_they_expire(self) -> None:
        async def credentials() -> AwsCredentials:
            return AwsCredentials("emulator", "emulator-secret", expires_at=expires_at)

        expires_at = datetime.now(timezone(timedelta(hours=-8))) + timedelta(hours=1)
        await (await self.connected(access(credentials))).test_connection()
        expires_at -= timedelta(hours=2)
        with self.assertRaisesRegex(PlatformRefused, "expired"):
            await (await self.connected(access(credentials))).test_connection()

    async def test_credentials_come_from_the_environment_or_a_profile(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        file = Path(folder.name) / "credentials"
        keys = {"AWS_ACCESS_KEY_ID": "emulator", "AWS_SECRET_ACCESS_KEY": "emulator-secret"}
        lines = [f"{name.lower()} = {value}" for name, value in keys.items()]
        file.write_text("\n".join(["[mine]", *lines, "aws_account_id = 210987654321", ""]))
        environment = {**keys, "AWS_ACCOUNT_ID": "123456789012", "AWS_SHARED_CREDENTIALS_FILE": str(file)}
        with unittest.mock.patch.dict(os.environ, environment):
            for credentials, account in [(AwsEnvironment(), "123456789012"), (AwsEnvironment("mine"), "210987654321")]:
                allowed = Access(http=[STAGE["url"]], aws_signing=["sagemaker"], credentials=credentials)
                job_type = await self.connected(allowed)
                await job_type.test_connection()
                self.assertEqual(account, await job_type.account_id())

    async def test_what_is_closed_takes_no_more_calls(self) -> None:
        slot = await self.load("misbehaving")
        with slot.connect(Connection(region="r")) as job_type:
            await job_type.test_connection()
        with self.assertRaises(HostError):
            await job_type.test_connection()
        slot.close()
        with self.assertRaises(HostError):
            await slot.describe()


class SlotTests(Staged):
    """Calls of a slot and of a host."""

    async def test_a_pinned_build_is_loaded_alone(self) -> None:
        with self.assertRaises(PluginBroken) as raised:
            await self.host.load(STAGE["sagemaker"], sha256="0" * 64)
        self.assertEqual("WrongDigest", raised.exception.code)

    async def test_a_build_that_was_kept_elsewhere_takes_over(self) -> None:
        slot = await self.load("sagemaker")
        back = await slot.rollback_to(STAGE["sagemaker-next"])
        self.assertEqual(("0.2.0", 2), (back.serving.version, back.serving.generation))
        with self.assertRaises(HostError) as raised:
            await slot.rollback()
        self.assertEqual("NothingToRollBackTo", raised.exception.code)

    async def test_a_plugin_asks_for_what_it_needs(self) -> None:
        slot = await self.load("sagemaker")
        asked = await slot.requests(Connection(region="us-east-1", endpoint=STAGE["url"]))
        self.assertIn(GrantRequest("aws-signing", "sagemaker", None), asked)
        (http,) = [it for it in asked if it.capability == "http"]
        self.assertEqual(STAGE["url"], http.value)
        self.assertTrue(http.refused)
        with self.assertRaisesRegex(HostError, "nonsense"):
            await slot.set_policy("swap", http=["nonsense"])

    async def test_usage_and_generations_count_the_calls(self) -> None:
        slot = await self.load("misbehaving")
        call = asyncio.create_task(ordered(slot, "loop").test_connection())
        while not (usage := await self.host.usage()).instances:
            await asyncio.sleep(0.01)
        self.assertEqual((1, 0, 1), (usage.calls, usage.waiting, usage.instances))
        self.assertEqual([1], [it.calls for it in await slot.generations()])
        call.cancel()
        await self.no_call_is_left()

    async def test_a_second_watch_ends_the_first(self) -> None:
        slot = await self.load("sagemaker")
        async with slot.watch(STAGE["sagemaker"]) as first, slot.watch(STAGE["sagemaker"]):
            self.assertEqual([], [swap async for swap in first])

    async def test_another_event_loop_is_refused(self) -> None:
        slot = await self.load("misbehaving")
        with self.assertRaisesRegex(RuntimeError, "another event loop"):
            await asyncio.to_thread(asyncio.run, slot.describe())

    def test_a_library_of_another_release_is_refused(self) -> None:
        _native._library.cache_clear()
        self.addCleanup(_native._library.cache_clear)
        with unittest.mock.patch.object(_native, "ABI_VERSION", 2), self.assertRaisesRegex(OSError, "needs 2"):
            _native.version()


if __name__ == "__main__":
    unittest.main()
