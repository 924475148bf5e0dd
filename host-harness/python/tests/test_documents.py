"""The JSON forms. These tests need no library."""

from __future__ import annotations

import dataclasses
import enum
import unittest
from datetime import datetime, timedelta, timezone

import polysync_host
from polysync_host import Job, _json, contract


class DocumentTests(unittest.TestCase):
    """The JSON forms."""

    def test_attributes_keep_their_order_and_the_names_that_come_twice(self) -> None:
        text = b'{"externalId":"p","attributes":{"b":"1","a":"2","b":"3"},"parameters":[]}'
        job = Job.from_json(_json.read(text))
        self.assertEqual(["b1", "a2", "b3"], [attribute.name + attribute.value for attribute in job.attributes])
        self.assertEqual(text, _json.write(job.to_json()))

    def test_times_are_in_utc_to_the_millisecond(self) -> None:
        moment = _json.time("2026-11-24T21:15:42.25Z")
        self.assertEqual(datetime(2026, 11, 24, 21, 15, 42, 250000, timezone.utc), moment)
        self.assertEqual("2026-11-24T21:15:42.250Z", _json.time_text(moment))
        self.assertEqual("2026-11-24 21:15:42+00:00", str(_json.time("2026-11-24T21:15:42Z")))
        elsewhere = datetime(2026, 11, 24, 23, 15, tzinfo=timezone(timedelta(hours=2)))
        self.assertEqual("2026-11-24T21:15:00.000Z", _json.time_text(elsewhere))
        with self.assertRaisesRegex(ValueError, "time zone"):
            _json.time_text(datetime(2026, 11, 24))

    def test_all_types_of_the_contract_can_be_imported_from_the_package(self) -> None:
        for name, value in vars(contract).items():
            is_type = isinstance(value, type) and (dataclasses.is_dataclass(value) or issubclass(value, enum.Enum))
            if is_type and name != "Any":
                self.assertIn(name, polysync_host.__all__)


if __name__ == "__main__":
    unittest.main()
