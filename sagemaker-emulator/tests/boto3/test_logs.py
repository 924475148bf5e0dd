"""CloudWatch Logs: what the steps of an execution have written."""

import boto3

from support import PREPARE, TRAIN, EmulatorTest

TRAINING = "/aws/sagemaker/TrainingJobs"
CALL = {
    "Name": "Call",
    "Type": "Lambda",
    "Arguments": {},
    "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:notify",
}


class LogsTest(EmulatorTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.logs = boto3.client("logs")

    def run_to_its_end(self, *steps):
        """The last parts of the ARNs in the steps' metadata, once the execution is over."""
        execution = self.start(self.create(*steps))
        self.wait_for("Succeeded", execution)
        metadata = [next(iter(step["Metadata"].values())) for step in self.steps(execution)]
        return [content["Arn"].split("/")[-1] for content in metadata]

    def stream_of(self, job):
        answer = self.logs.describe_log_streams(
            logGroupName=TRAINING, logStreamNamePrefix=f"{job}/"
        )
        [stream] = answer["logStreams"]
        return stream["logStreamName"]


class FilterLogEvents(LogsTest):
    def messages(self, **members):
        pages = self.logs.get_paginator("filter_log_events").paginate(
            logGroupName=TRAINING, PaginationConfig={"PageSize": 2}, **members
        )
        return [event["message"] for page in pages for event in page["events"]]

    def test_the_paginator_finds_all_events_of_a_job(self):
        _, job = self.run_to_its_end(PREPARE, TRAIN)
        messages = self.messages(logStreamNamePrefix=f"{job}/")
        self.assertGreater(len(messages), 4)
        self.assertEqual(messages[-1], "INFO     Reporting training SUCCESS")
        everything = self.logs.filter_log_events(
            logGroupName=TRAINING, logStreamNames=[self.stream_of(job)]
        )
        events = everything["events"]
        self.assertEqual([event["message"] for event in events], messages)
        self.assertEqual(len({event["eventId"] for event in events}), len(events))

    def test_the_paginator_goes_on_after_a_page_without_events(self):
        _, job = self.run_to_its_end(PREPARE, TRAIN)
        prefix = f"{job}/"
        messages = self.messages(logStreamNamePrefix=prefix)
        self.inject({"kind": "empty_page", "operation": "FilterLogEvents", "times": 2})
        self.assertEqual(self.messages(logStreamNamePrefix=prefix), messages)

    def test_a_lambda_function_has_its_group(self):
        self.run_to_its_end(CALL)
        answer = self.logs.filter_log_events(
            logGroupName="/aws/lambda/notify", filterPattern='INFO "step Call"'
        )
        self.assertIn("notify", answer["events"][0]["message"])

    def test_an_absent_group_is_a_resource_not_found(self):
        with self.assertRaises(self.logs.exceptions.ResourceNotFoundException) as caught:
            self.logs.filter_log_events(logGroupName="/aws/lambda/absent")
        self.assertEqual(
            caught.exception.response["Error"]["Message"],
            "The specified log group does not exist.",
        )

    def test_names_and_a_prefix_together_are_an_invalid_parameter(self):
        with self.assertRaises(self.logs.exceptions.InvalidParameterException):
            self.logs.filter_log_events(
                logGroupName=TRAINING, logStreamNames=["a"], logStreamNamePrefix="a"
            )


class GetLogEvents(LogsTest):
    def test_a_stream_is_read_to_its_end(self):
        _, job = self.run_to_its_end(PREPARE, TRAIN)
        stream = self.stream_of(job)
        request = {"logGroupName": TRAINING, "logStreamName": stream}
        newest_first = self.logs.get_log_events(**request)["events"]
        read, token = [], None
        while True:
            members = {"nextToken": token} if token else {}
            answer = self.logs.get_log_events(
                limit=2, startFromHead=True, **request, **members
            )
            read.extend(answer["events"])
            if answer["nextForwardToken"] == token:
                break
            token = answer["nextForwardToken"]
        self.assertGreater(len(read), 4)
        self.assertEqual(read, newest_first)


class DescribeLogStreams(LogsTest):
    def test_the_paginator_follows_the_pages(self):
        jobs = [self.run_to_its_end(PREPARE, TRAIN)[1] for _ in range(3)]
        pages = self.logs.get_paginator("describe_log_streams").paginate(
            logGroupName=TRAINING,
            orderBy="LastEventTime",
            descending=True,
            PaginationConfig={"PageSize": 2},
        )
        found = list(pages.search("logStreams[].logStreamName"))
        newest = [name.split("/")[0] for name in found[:3]]
        self.assertEqual(newest, jobs[::-1])


class Permissions(LogsTest):
    def test_a_denied_operation(self):
        client = boto3.client(
            "logs", aws_access_key_id="denied", aws_secret_access_key="denied-secret"
        )
        with self.refused("AccessDeniedException"):
            client.filter_log_events(logGroupName=TRAINING)

    def test_a_signature_for_another_service(self):
        def sign_for_sagemaker(request, **_):
            request.context.setdefault("signing", {})["signing_name"] = "sagemaker"

        client = boto3.client("logs")
        client.meta.events.register("before-sign.cloudwatch-logs", sign_for_sagemaker)
        with self.refused("InvalidSignatureException"):
            client.describe_log_streams(logGroupName=TRAINING)
