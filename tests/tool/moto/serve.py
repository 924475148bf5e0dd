"""Runs moto's SageMaker until its standard input ends, with two pipelines: prints its URL first."""

import sys
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

REGION, DEFINITION = sys.argv[1:]

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = f"http://{host}:{port}"

sagemaker = boto3.client(
    "sagemaker",
    endpoint_url=url,
    region_name=REGION,
    aws_access_key_id="moto",
    aws_secret_access_key="moto",
)
for name in ("abalone", "churn"):
    sagemaker.create_pipeline(
        PipelineName=name,
        PipelineDisplayName=name.title(),
        PipelineDescription=f"Trains {name}",
        PipelineDefinition=Path(DEFINITION).read_text(encoding="utf-8"),
        RoleArn="arn:aws:iam::123456789012:role/pipelines",
        ClientRequestToken=name.ljust(32, "-"),
    )

print(url, flush=True)
sys.stdin.read()
server.stop()
