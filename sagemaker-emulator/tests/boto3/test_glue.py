"""boto3 lists jobs of Glue, starts, follows and stops their runs, and reads their logs."""

import time
import unittest

import boto3
from botocore.exceptions import ClientError

from support import PAUSE_SECONDS, POLLS, EmulatorTest

SALES = "sales-load"
FAILS = "returns-load-fails"
STREAM = "inventory-stream"


class GlueTest(EmulatorTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.glue = boto3.client("glue")
        cls.logs = boto3.client("logs")

    def start_run(self, job, **members):
        return self.glue.start_job_run(JobName=job, **members)["JobRunId"]

    def wait_for_run(self, state, job, run):
        """Reads the run until it is in this state; returns it."""
        for _ in range(POLLS):
            found = self.glue.get_job_run(JobName=job, RunId=run)["JobRun"]
            if found["JobRunState"] == state:
                return found
            time.sleep(PAUSE_SECONDS)
        self.fail(f"not {state} after {POLLS} polls: {found}")

    def test_jobs_are_listed_in_pages(self):
        pages = self.glue.get_paginator("get_jobs").paginate(
            PaginationConfig={"PageSize": 2}
        )
        names = [job["Name"] for page in pages for job in page["Jobs"]]
        self.assertEqual(names, [STREAM, FAILS, SALES])
        job = self.glue.get_job(JobName=SALES)["Job"]
        self.assertEqual(job["DefaultArguments"]["--limit"], "1000")

    def test_a_run_succeeds(self):
        run = self.start_run(SALES, Arguments={"--day": "friday"})
        found = self.wait_for_run("SUCCEEDED", SALES, run)
        self.assertEqual(found["Arguments"]["--day"], "friday")
        self.assertGreater(found["CompletedOn"], found["StartedOn"])

    def test_a_failed_run_says_why_and_its_log_too(self):
        run = self.start_run(FAILS)
        found = self.wait_for_run("FAILED", FAILS, run)
        self.assertIn("KeyError", found["ErrorMessage"])
        events = self.logs.filter_log_events(
            logGroupName=found["LogGroupName"] + "/error", logStreamNamePrefix=run
        )["events"]
        messages = [event["message"] for event in events]
        self.assertIn("Traceback (most recent call last):", messages)
        self.assertEqual(messages[-1], found["ErrorMessage"])

    def test_a_run_is_stopped_once(self):
        run = self.start_run(STREAM)
        stop = {"JobName": STREAM, "JobRunIds": [run]}
        answer = self.glue.batch_stop_job_run(**stop)
        self.assertEqual(answer["SuccessfulSubmissions"][0]["JobRunId"], run)
        self.wait_for_run("STOPPED", STREAM, run)
        error = self.glue.batch_stop_job_run(**stop)["Errors"][0]["ErrorDetail"]
        self.assertEqual(error["ErrorCode"], "JobRunInvalidStateTransitionException")

    def test_the_newest_run_is_listed_first(self):
        runs = [self.start_run(SALES) for _ in range(3)]
        pages = self.glue.get_paginator("get_job_runs").paginate(
            JobName=SALES, PaginationConfig={"PageSize": 2}
        )
        found = [run["Id"] for page in pages for run in page["JobRuns"]]
        self.assertEqual(found[:3], runs[::-1])

    def test_errors_have_exceptions_of_their_own(self):
        with self.assertRaises(self.glue.exceptions.EntityNotFoundException):
            self.start_run("gone")
        with self.assertRaises(ClientError) as caught:
            self.start_run(SALES, WorkerType="huge", NumberOfWorkers=2)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], "InvalidInputException")
        self.assertIn("enum value set", error["Message"])


if __name__ == "__main__":
    unittest.main()
