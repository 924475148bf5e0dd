"""ListPipelineExecutionSteps and ListPipelineParametersForExecution."""

import datetime

from support import PREPARE, TRAIN, EmulatorTest


class ListPipelineExecutionSteps(EmulatorTest):
    def setUp(self):
        self.execution = self.start(self.create(PREPARE, TRAIN))
        self.wait_for("Succeeded", self.execution)

    def test_a_step_has_status_attempts_and_times(self):
        prepare, train = self.steps(self.execution)
        for step, name in [(prepare, "Prepare"), (train, "Train")]:
            self.assertEqual(step["StepName"], name)
            self.assertEqual(step["StepStatus"], "Succeeded")
            self.assertEqual(step["AttemptCount"], 1)
            self.assertIsInstance(step["StartTime"], datetime.datetime)
            self.assertGreater(step["EndTime"], step["StartTime"])
        self.assertGreaterEqual(train["StartTime"], prepare["EndTime"])

    def test_metadata_has_the_jobs_arns(self):
        prepare, train = self.steps(self.execution)
        processing_job = prepare["Metadata"]["ProcessingJob"]["Arn"]
        self.assertIn(":processing-job/", processing_job)
        self.assertIn(":training-job/", train["Metadata"]["TrainingJob"]["Arn"])

    def test_the_paginator_follows_the_pages(self):
        pages = list(
            self.sagemaker.get_paginator("list_pipeline_execution_steps").paginate(
                PipelineExecutionArn=self.execution, PaginationConfig={"PageSize": 1}
            )
        )
        names = [
            [step["StepName"] for step in page["PipelineExecutionSteps"]]
            for page in pages
        ]
        self.assertEqual(names, [["Train"], ["Prepare"]])


class ListPipelineParametersForExecution(EmulatorTest):
    def setUp(self):
        label = {"Name": "Label", "Value": "Größe 日本"}
        pipeline = self.create(PREPARE)
        self.execution = self.start(pipeline, PipelineParameters=[label])
        self.parameters = [{"Name": "Rows", "Value": "100"}, label]

    def test_it_returns_given_values_and_defaults(self):
        answer = self.sagemaker.list_pipeline_parameters_for_execution(
            PipelineExecutionArn=self.execution
        )
        self.assertEqual(answer["PipelineParameters"], self.parameters)

    def test_the_paginator_follows_the_pages(self):
        paginator = self.sagemaker.get_paginator(
            "list_pipeline_parameters_for_execution"
        )
        pages = paginator.paginate(
            PipelineExecutionArn=self.execution, PaginationConfig={"PageSize": 1}
        )
        self.assertEqual(
            [page["PipelineParameters"] for page in pages],
            [[parameter] for parameter in self.parameters],
        )
