"""Reads one command a line, and answers each with one line."""

import sys
import time

import boto3
from botocore.config import Config

# So many attempts that a throttled listing of a thousand pipelines misses none.
sagemaker = boto3.client(
    "sagemaker", config=Config(retries={"mode": "standard", "max_attempts": 20})
)


def status(calls, run_id):
    began = time.process_time()
    for _ in range(int(calls)):
        sagemaker.describe_pipeline_execution(PipelineExecutionArn=run_id)
    return time.process_time() - began


def discover():
    began = time.perf_counter()
    found = 0
    pages = sagemaker.get_paginator("list_pipelines").paginate(MaxResults=100)
    for page in pages:
        for summary in page["PipelineSummaries"]:
            sagemaker.describe_pipeline(PipelineName=summary["PipelineName"])
            found += 1
    return f"{found} {time.perf_counter() - began}"


COMMANDS = {"status": status, "discover": discover}

for line in sys.stdin:
    command, *arguments = line.split()
    print(COMMANDS[command](*arguments), flush=True)
