"""Shared by the checks: the client, creating pipelines, waiting for executions."""

import contextlib
import json
import time
import unittest
import urllib.request
import uuid

import boto3
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::123456789012:role/pipeline-execution"
PREPARE = {"Name": "Prepare", "Type": "Processing", "Arguments": {}}
TRAIN = {"Name": "Train", "Type": "Training", "Arguments": {}, "DependsOn": ["Prepare"]}
# Executes until it is stopped, since no callback arrives.
AWAIT = {
    "Name": "Await",
    "Type": "Callback",
    "Arguments": {},
    "SqsQueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/approvals",
}
PARAMETERS = [
    {"Name": "Rows", "Type": "Integer", "DefaultValue": 100},
    {"Name": "Label", "Type": "String", "DefaultValue": "none"},
]

POLLS = 400
PAUSE_SECONDS = 0.05


def definition(*steps):
    return json.dumps(
        {"Version": "2020-12-01", "Parameters": PARAMETERS, "Steps": steps}
    )


def unique_name():
    return f"check-{uuid.uuid4().hex}"


class EmulatorTest(unittest.TestCase):
    """Checks with a client that is configured by the environment alone."""

    @classmethod
    def setUpClass(cls):
        cls.sagemaker = boto3.client("sagemaker")

    def create(self, *steps, **members):
        """Creates a pipeline and returns its name."""
        members.setdefault("PipelineName", unique_name())
        members.setdefault("RoleArn", ROLE)
        self.sagemaker.create_pipeline(
            PipelineDefinition=definition(*steps), **members
        )
        return members["PipelineName"]

    def start(self, pipeline, **members):
        """Starts an execution and returns its ARN."""
        answer = self.sagemaker.start_pipeline_execution(
            PipelineName=pipeline, **members
        )
        return answer["PipelineExecutionArn"]

    def describe(self, execution):
        return self.sagemaker.describe_pipeline_execution(
            PipelineExecutionArn=execution
        )

    def steps(self, execution):
        """The execution's steps in the order of their start."""
        answer = self.sagemaker.list_pipeline_execution_steps(
            PipelineExecutionArn=execution, SortOrder="Ascending"
        )
        return answer["PipelineExecutionSteps"]

    def wait_for(self, status, execution):
        """Describes the execution until it has this status; returns the last description."""
        for _ in range(POLLS):
            described = self.describe(execution)
            if described["PipelineExecutionStatus"] == status:
                return described
            time.sleep(PAUSE_SECONDS)
        self.fail(f"not {status} after {POLLS} polls: {described}")

    def fail_once(self, pipeline, step, reason):
        """Makes a step of the pipeline's next execution fail."""
        failure = {
            "pipeline": pipeline,
            "step": step,
            "failure": {"at_end": reason},
            "times": 1,
        }
        self.post("step-failures", failure)

    def inject(self, fault):
        """Injects a fault."""
        self.post("faults", fault)

    def post(self, path, content):
        """Sends content to an admin path of the emulator."""
        url = f"{self.sagemaker.meta.endpoint_url}/_emulator/{path}"
        urllib.request.urlopen(url, json.dumps(content).encode()).close()

    @contextlib.contextmanager
    def refused(self, code):
        """Expects the service to refuse with this code."""
        with self.assertRaises(ClientError) as caught:
            yield
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        self.assertTrue(caught.exception.response["Error"]["Message"])
