"""What the program brings: credentials, HTTP, logs and metrics."""

from __future__ import annotations

import asyncio

from polysync_host import (
    Access,
    AwsCredentials,
    Connection,
    EndedCall,
    ErrorClass,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    PlatformRefused,
    PluginBroken,
    PluginHost,
)
from stage import STAGE, Staged, access, emulators_credentials, ordered


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

    async def test_a_plugin_does_not_read_what_a_client_of_Python_raises(self) -> None:
        async def client(request: HttpRequest) -> HttpResponse:
            raise ConnectionError("proxy user:hunter2 refused")

        allowed = Access(http=["https://granted.example.com"], http_client=client)
        slot = await self.load("misbehaving")
        with self.assertLogs("polysync.host", "WARNING") as logs, self.assertRaises(PlatformRefused) as raised:
            await ordered(slot, "send https://granted.example.com/a", allowed).test_connection()
        self.assertNotIn("hunter2", str(raised.exception))
        self.assertIn("hunter2", "".join(logs.output))

    async def test_each_call_that_has_ended_is_told_with_its_plugin_and_its_error(self) -> None:
        calls: list[EndedCall] = []

        def told(call: EndedCall) -> None:
            calls.append(call)
            raise RuntimeError("the meter is broken")

        async with PluginHost(cache=STAGE["cache"], on_call_ended=told) as host:
            with self.assertLogs("polysync.host", "WARNING"):
                slot = await host.load(STAGE["misbehaving"])
                await slot.connect(Connection(region="r")).test_connection()
                with self.assertRaises(PluginBroken):
                    await ordered(slot, "trap").test_connection()
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(ordered(slot, "loop").test_connection(), 0.1)
        self.assertEqual(["load"] + 3 * ["test-connection"], [call.name for call in calls])
        load, answered, trapped, cancelled = calls
        self.assertEqual((None, None), (load.plugin, answered.error))
        assert answered.plugin is not None
        self.assertEqual(("misbehaving", 1), (answered.plugin.id, answered.plugin.generation))
        self.assertIsInstance(trapped.error, PluginBroken)
        assert cancelled.error is not None
        self.assertEqual("Cancelled", cancelled.error.code)
        self.assertTrue(all(call.seconds > 0 for call in calls))

    async def test_the_lines_of_plugins_go_to_logging(self) -> None:
        slot = await self.load("misbehaving")
        with self.assertLogs("polysync.plugin", "ERROR") as logs, self.assertRaises(PluginBroken):
            await ordered(slot, "panic-in-words").test_connection()
        self.assertEqual(["ERROR:polysync.plugin:panicked at the disco"], logs.output)
        self.assertEqual("test-connection", logs.records[0].__dict__["fields"]["call"])
