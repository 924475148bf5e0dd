"""Errors: the exceptions and codes that boto3 raises."""

import uuid

import boto3

from support import PREPARE, EmulatorTest


class ModelledErrors(EmulatorTest):
    def test_an_absent_pipeline_is_a_resource_not_found(self):
        with self.assertRaises(self.sagemaker.exceptions.ResourceNotFound) as caught:
            self.sagemaker.describe_pipeline(PipelineName="absent")
        response = caught.exception.response
        self.assertEqual(response["Error"]["Code"], "ResourceNotFound")
        self.assertIn("absent", response["Error"]["Message"])
        self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertTrue(response["ResponseMetadata"]["RequestId"])

    def test_an_absent_execution_is_a_resource_not_found(self):
        execution = self.start(self.create(PREPARE))
        with self.assertRaises(self.sagemaker.exceptions.ResourceNotFound):
            self.describe(f"{execution[:-12]}absent000000")

    def test_another_request_with_the_same_token_is_a_conflict(self):
        token = str(uuid.uuid4())
        self.start(self.create(PREPARE), ClientRequestToken=token)
        with self.assertRaises(self.sagemaker.exceptions.ConflictException):
            self.start(self.create(PREPARE), ClientRequestToken=token)


class ValidationErrors(EmulatorTest):
    def assert_refused(self, name, value):
        pipeline = self.create(PREPARE)
        parameters = [{"Name": name, "Value": value}]
        with self.refused("ValidationException"):
            self.start(pipeline, PipelineParameters=parameters)

    def test_a_value_of_the_wrong_type(self):
        self.assert_refused("Rows", "many")

    def test_an_empty_value(self):
        self.assert_refused("Label", "")

    def test_a_parameter_that_is_not_declared(self):
        self.assert_refused("Colour", "red")

    def test_a_name_that_does_not_match_the_pattern(self):
        with self.refused("ValidationException"):
            self.sagemaker.describe_pipeline(PipelineName="-")


class Credentials(EmulatorTest):
    def test_an_unknown_key(self):
        client = boto3.client(
            "sagemaker", aws_access_key_id="unknown", aws_secret_access_key="any"
        )
        with self.refused("UnrecognizedClientException"):
            client.list_pipelines()

    def test_a_wrong_secret(self):
        client = boto3.client(
            "sagemaker", aws_access_key_id="emulator", aws_secret_access_key="wrong"
        )
        with self.refused("InvalidSignatureException"):
            client.list_pipelines()
