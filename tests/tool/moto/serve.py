"""Runs moto until its standard input ends, with two pipelines and two Glue jobs: prints its URL first."""

import sys
from pathlib import Path

import boto3
from moto.core.responses import ActionResult
from moto.glue.responses import GlueResponse
from moto.moto_api import state_manager
from moto.server import ThreadedMotoServer

REGION, DEFINITION = sys.argv[1:]



def batch_stop_job_run(self):
    """moto does not have this operation."""
    job = self.glue_backend.get_job(self._get_param("JobName"))
    stopped, errors = [], []
    for run_id in self._get_param("JobRunIds"):
        of_job = {"JobName": job.name, "JobRunId": run_id}
        run = next((run for run in job.job_runs if run.job_run_id == run_id), None)
        if run is not None and run.status in ("STARTING", "RUNNING"):
            run.status = "STOPPED"
            stopped.append(of_job)
        else:
            code = "EntityNotFoundException" if run is None else "InvalidInputException"
            detail = {"ErrorCode": code, "ErrorMessage": f"{run_id} can't be stopped"}
            errors.append({**of_job, "ErrorDetail": detail})
    return ActionResult({"SuccessfulSubmissions": stopped, "Errors": errors})


GlueResponse.batch_stop_job_run = batch_stop_job_run
# Each look at a run moves it on by one state.
state_manager.set_transition("glue::job_run", {"progression": "manual", "times": 1})

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = f"http://{host}:{port}"



def client(service):
    """A client of one of moto's services."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="moto",
        aws_secret_access_key="moto",
    )


sagemaker = client("sagemaker")
for name in ("abalone", "churn"):
    sagemaker.create_pipeline(
        PipelineName=name,
        PipelineDisplayName=name.title(),
        PipelineDescription=f"Trains {name}",
        PipelineDefinition=Path(DEFINITION).read_text(encoding="utf-8"),
        RoleArn="arn:aws:iam::123456789012:role/pipelines",
        ClientRequestToken=name.ljust(32, "-"),
    )

glue = client("glue")
for name in ("returns", "sales"):
    glue.create_job(
        Name=name,
        Description=f"Loads {name}",
        Role="arn:aws:iam::123456789012:role/jobs",
        Command={"Name": "glueetl", "ScriptLocation": f"s3://scripts/{name}.py"},
        DefaultArguments={
            "--day": "2026-11-01",
            "--limit": "10",
            "--TempDir": "s3://temporary",
        },
        GlueVersion="5.0",
        WorkerType="G.1X",
        NumberOfWorkers=4,
        MaxRetries=1,
    )

print(url, flush=True)
sys.stdin.read()
server.stop()
