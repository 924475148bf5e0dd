"""StopPipelineExecution and RetryPipelineExecution."""

from support import AWAIT, PREPARE, TRAIN, EmulatorTest


class StopPipelineExecution(EmulatorTest):
    def test_an_execution_is_stopped(self):
        execution = self.start(self.create(AWAIT))
        self.assertEqual(
            self.describe(execution)["PipelineExecutionStatus"], "Executing"
        )
        answer = self.sagemaker.stop_pipeline_execution(PipelineExecutionArn=execution)
        self.assertEqual(answer["PipelineExecutionArn"], execution)
        self.wait_for("Stopped", execution)
        [step] = self.steps(execution)
        self.assertEqual(step["StepStatus"], "Stopped")

    def test_a_finished_execution_cannot_be_stopped(self):
        execution = self.start(self.create(PREPARE))
        self.wait_for("Succeeded", execution)
        with self.refused("ValidationException"):
            self.sagemaker.stop_pipeline_execution(PipelineExecutionArn=execution)


class RetryPipelineExecution(EmulatorTest):
    def test_a_failed_execution_succeeds_the_second_time(self):
        pipeline = self.create(PREPARE, TRAIN)
        self.fail_once(pipeline, "Train", "Out of memory")
        execution = self.start(pipeline)
        failed = self.wait_for("Failed", execution)
        self.assertIn("failed", failed["FailureReason"])
        self.assertEqual(self.steps(execution)[1]["FailureReason"], "Out of memory")

        answer = self.sagemaker.retry_pipeline_execution(
            PipelineExecutionArn=execution,
            ParallelismConfiguration={"MaxParallelExecutionSteps": 3},
        )
        self.assertEqual(answer["PipelineExecutionArn"], execution)
        described = self.wait_for("Succeeded", execution)
        parallelism = described["ParallelismConfiguration"]
        self.assertEqual(parallelism, {"MaxParallelExecutionSteps": 3})
        attempts = [step["AttemptCount"] for step in self.steps(execution)]
        self.assertEqual(attempts, [1, 2])

    def test_a_successful_execution_cannot_be_retried(self):
        execution = self.start(self.create(PREPARE))
        self.wait_for("Succeeded", execution)
        with self.refused("ValidationException"):
            self.sagemaker.retry_pipeline_execution(PipelineExecutionArn=execution)
