"""CreatePipeline, DescribePipeline and ListPipelines."""

import datetime

from support import PREPARE, ROLE, TRAIN, EmulatorTest, definition, unique_name

DAY = datetime.timedelta(days=1)


class CreatePipeline(EmulatorTest):
    def test_it_returns_the_arn(self):
        name = unique_name()
        answer = self.sagemaker.create_pipeline(
            PipelineName=name, PipelineDefinition=definition(PREPARE), RoleArn=ROLE
        )
        arn = f"arn:aws:sagemaker:us-east-1:123456789012:pipeline/{name}"
        self.assertEqual(answer["PipelineArn"], arn)

    def test_a_name_is_unique(self):
        name = self.create(PREPARE)
        with self.refused("ValidationException"):
            self.create(PREPARE, PipelineName=name)


class DescribePipeline(EmulatorTest):
    def test_it_returns_the_created_members(self):
        members = {
            "PipelineDisplayName": "Nightly-training",
            "PipelineDescription": "Größe 日本",
            "ParallelismConfiguration": {"MaxParallelExecutionSteps": 2},
            "RoleArn": ROLE,
        }
        name = self.create(PREPARE, TRAIN, **members)
        described = self.sagemaker.describe_pipeline(PipelineName=name)
        self.assertEqual({key: described[key] for key in members}, members)
        self.assertEqual(described["PipelineDefinition"], definition(PREPARE, TRAIN))
        self.assertEqual(described["PipelineStatus"], "Active")
        self.assertNotIn("LastRunTime", described)

    def test_its_timestamps_are_datetimes(self):
        before = datetime.datetime.now(datetime.timezone.utc)
        name = self.create(PREPARE)
        self.start(name)
        described = self.sagemaker.describe_pipeline(PipelineName=name)
        for member in ["CreationTime", "LastModifiedTime", "LastRunTime"]:
            self.assertIsInstance(described[member], datetime.datetime)
            self.assertLess(abs(described[member] - before), DAY)

    def test_it_finds_a_pipeline_by_its_arn(self):
        name = self.create(PREPARE)
        arn = self.sagemaker.describe_pipeline(PipelineName=name)["PipelineArn"]
        described = self.sagemaker.describe_pipeline(PipelineName=arn)
        self.assertEqual(described["PipelineName"], name)


class ListPipelines(EmulatorTest):
    def setUp(self):
        """Creates three pipelines, not in the order of their names."""
        self.prefix = unique_name()
        self.names = [f"{self.prefix}-{letter}" for letter in "abc"]
        self.created = [self.names[position] for position in (1, 2, 0)]
        for name in self.created:
            self.create(PREPARE, PipelineName=name)

    def list(self, **members):
        answer = self.sagemaker.list_pipelines(
            PipelineNamePrefix=self.prefix, **members
        )
        return [pipeline["PipelineName"] for pipeline in answer["PipelineSummaries"]]

    def test_the_newest_come_first(self):
        self.assertEqual(self.list(), self.created[::-1])

    def test_pipelines_are_filtered_by_prefix(self):
        answer = self.sagemaker.list_pipelines(PipelineNamePrefix=self.names[2])
        [summary] = answer["PipelineSummaries"]
        self.assertEqual(summary["PipelineName"], self.names[2])
        self.assertIsInstance(summary["CreationTime"], datetime.datetime)

    def test_pipelines_are_sorted_by_name_in_both_orders(self):
        ascending = self.list(SortBy="Name", SortOrder="Ascending")
        self.assertEqual(ascending, self.names)
        descending = self.list(SortBy="Name", SortOrder="Descending")
        self.assertEqual(descending, self.names[::-1])

    def test_pipelines_are_sorted_and_filtered_by_creation_time(self):
        by_time = self.list(SortBy="CreationTime", SortOrder="Ascending")
        self.assertEqual(by_time, self.created)
        now = datetime.datetime.now(datetime.timezone.utc)
        self.assertEqual(self.list(CreatedAfter=now + DAY), [])
        around = self.list(CreatedAfter=now - DAY, CreatedBefore=now + DAY)
        self.assertEqual(len(around), 3)

    def test_the_paginator_follows_the_pages(self):
        pages = list(
            self.sagemaker.get_paginator("list_pipelines").paginate(
                PipelineNamePrefix=self.prefix,
                SortBy="Name",
                SortOrder="Ascending",
                PaginationConfig={"PageSize": 2},
            )
        )
        sizes = [len(page["PipelineSummaries"]) for page in pages]
        self.assertEqual(sizes, [2, 1])
        summaries = [summary for page in pages for summary in page["PipelineSummaries"]]
        found = [summary["PipelineName"] for summary in summaries]
        self.assertEqual(found, self.names)
