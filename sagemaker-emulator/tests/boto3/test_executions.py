"""StartPipelineExecution, DescribePipelineExecution and ListPipelineExecutions."""

import datetime
import uuid

from support import PREPARE, TRAIN, EmulatorTest


class StartPipelineExecution(EmulatorTest):
    def test_the_execution_has_the_requested_members(self):
        members = {
            "PipelineExecutionDisplayName": "Tonight",
            "PipelineExecutionDescription": "Größe 日本",
            "ParallelismConfiguration": {"MaxParallelExecutionSteps": 1},
        }
        pipeline = self.create(PREPARE)
        parameters = [{"Name": "Rows", "Value": "7"}]
        execution = self.start(pipeline, PipelineParameters=parameters, **members)
        self.assertIn(f":pipeline/{pipeline}/execution/", execution)
        described = self.describe(execution)
        self.assertEqual({key: described[key] for key in members}, members)

    def test_a_token_starts_one_execution(self):
        pipeline = self.create(PREPARE)
        token = str(uuid.uuid4())
        first = self.start(pipeline, ClientRequestToken=token)
        self.assertEqual(self.start(pipeline, ClientRequestToken=token), first)
        answer = self.sagemaker.list_pipeline_executions(PipelineName=pipeline)
        self.assertEqual(len(answer["PipelineExecutionSummaries"]), 1)

    def test_starts_without_a_token_start_one_execution_each(self):
        pipeline = self.create(PREPARE)
        self.assertNotEqual(self.start(pipeline), self.start(pipeline))


class DescribePipelineExecution(EmulatorTest):
    def test_an_execution_succeeds(self):
        execution = self.start(self.create(PREPARE, TRAIN))
        described = self.wait_for("Succeeded", execution)
        self.assertEqual(described["PipelineExecutionArn"], execution)
        self.assertNotIn("FailureReason", described)
        self.assertIsInstance(described["CreationTime"], datetime.datetime)
        self.assertGreater(described["LastModifiedTime"], described["CreationTime"])


class ListPipelineExecutions(EmulatorTest):
    def setUp(self):
        self.pipeline = self.create(PREPARE)
        self.executions = [self.start(self.pipeline) for _ in range(3)]

    def list(self, **members):
        answer = self.sagemaker.list_pipeline_executions(
            PipelineName=self.pipeline, **members
        )
        return answer["PipelineExecutionSummaries"]

    def test_the_newest_come_first(self):
        listed = [summary["PipelineExecutionArn"] for summary in self.list()]
        self.assertEqual(listed, self.executions[::-1])

    def test_a_summary_has_status_and_start(self):
        for execution in self.executions:
            self.wait_for("Succeeded", execution)
        for summary in self.list():
            self.assertEqual(summary["PipelineExecutionStatus"], "Succeeded")
            self.assertIsInstance(summary["StartTime"], datetime.datetime)

    def test_executions_are_sorted_by_arn(self):
        summaries = self.list(SortBy="PipelineExecutionArn", SortOrder="Ascending")
        listed = [summary["PipelineExecutionArn"] for summary in summaries]
        self.assertEqual(listed, sorted(self.executions))

    def test_the_paginator_follows_the_pages(self):
        pages = self.sagemaker.get_paginator("list_pipeline_executions").paginate(
            PipelineName=self.pipeline, PaginationConfig={"PageSize": 2}
        )
        found = list(pages.search("PipelineExecutionSummaries[].PipelineExecutionArn"))
        self.assertEqual(found, self.executions[::-1])
