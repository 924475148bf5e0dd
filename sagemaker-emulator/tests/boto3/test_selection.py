"""Versions, selective execution, ForEach steps and MLflow experiments."""

import json

from support import PREPARE, TRAIN, EmulatorTest

FOR_EACH = {
    "Name": "ForEachItem",
    "Type": "ForEach",
    "Arguments": {
        "IterableItems": {"Get": "Parameters.Label"},
        "MaxConcurrency": 2,
        "ForEachBody": [{"Name": "Work", "Type": "Processing", "Arguments": {}}],
    },
}


class Versions(EmulatorTest):
    def test_an_execution_is_started_from_a_version_or_an_alias(self):
        pipeline = self.create(PREPARE, PipelineVersionAliases=["prod", "eu-1"])
        for version in [{"PipelineVersionId": 1}, {"PipelineVersionAlias": "prod"}]:
            described = self.describe(self.start(pipeline, **version))
            self.assertEqual(described["PipelineVersionId"], 1)
            self.assertEqual(described["PipelineVersionAliases"], ["prod", "eu-1"])

    def test_a_version_that_the_pipeline_does_not_have_is_not_found(self):
        pipeline = self.create(PREPARE)
        for version in [{"PipelineVersionId": 2}, {"PipelineVersionAlias": "prod"}]:
            with self.assertRaises(self.sagemaker.exceptions.ResourceNotFound):
                self.start(pipeline, **version)


class SelectiveExecution(EmulatorTest):
    def setUp(self):
        self.pipeline = self.create(PREPARE, TRAIN)

    def select(self, *names, **members):
        steps = [{"StepName": name} for name in names]
        return self.start(
            self.pipeline, SelectiveExecutionConfig={"SelectedSteps": steps, **members}
        )

    def test_what_is_not_selected_is_reused(self):
        source = self.start(self.pipeline)
        self.wait_for("Succeeded", source)
        execution = self.select("Train", SourcePipelineExecutionArn=source)
        self.wait_for("Succeeded", execution)
        prepare, train = self.steps(execution)
        self.assertEqual(
            prepare["SelectiveExecutionResult"], {"SourcePipelineExecutionArn": source}
        )
        self.assertEqual(prepare["Metadata"], self.steps(source)[0]["Metadata"])
        self.assertNotIn("SelectiveExecutionResult", train)

    def test_steps_that_need_others_need_a_source(self):
        with self.refused("ValidationException"):
            self.select("Train")
        self.wait_for("Succeeded", self.select("Prepare"))

    def test_a_source_that_still_executes_is_refused(self):
        source = self.start(self.pipeline)
        with self.refused("ValidationException"):
            self.select("Train", SourcePipelineExecutionArn=source)


class ForEach(EmulatorTest):
    def test_each_item_is_a_step_with_its_context(self):
        pipeline = self.create(FOR_EACH)
        items = {"Name": "Label", "Value": json.dumps(["a", {"b": 1}])}
        execution = self.start(pipeline, PipelineParameters=[items])
        self.wait_for("Succeeded", execution)
        parent, *iterations = self.steps(execution)
        counts = parent["Metadata"]["ForEach"]
        self.assertEqual(counts["InputItemCount"], 2)
        self.assertEqual(counts["SucceededStepCount"], 2)
        self.assertEqual(counts["Status"], "Succeeded")
        contexts = {
            step["StepName"]: step["IterationContext"]["Item"] for step in iterations
        }
        self.assertEqual(contexts, {"Work-0": "a", "Work-1": '{"b":1}'})


class MLflow(EmulatorTest):
    def test_the_name_of_the_experiment_is_returned(self):
        execution = self.start(self.create(PREPARE), MlflowExperimentName="churn")
        self.assertEqual(
            self.describe(execution)["MLflowConfig"], {"MlflowExperimentName": "churn"}
        )
