"""Writes the definitions in this folder with the SageMaker Python SDK: `python write.py`.

The SDK is a large dependency and its output rarely changes, so the tests read stored output.
Needs `sagemaker==2.257.7`; uses no network.
"""

import os
from pathlib import Path
from unittest.mock import MagicMock

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")

from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThan
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import (
    ParameterBoolean,
    ParameterFloat,
    ParameterInteger,
    ParameterString,
)
from sagemaker.workflow.pipeline import Pipeline

SESSION = MagicMock(boto_region_name="eu-west-1", local_mode=False)
SESSION.sagemaker_config = {}


def write(name, parameters, steps):
    pipeline = Pipeline(
        name=name, parameters=parameters, steps=steps, sagemaker_session=SESSION
    )
    Path(__file__).with_name(f"{name}.json").write_text(
        pipeline.definition(), encoding="utf-8"
    )


def every_type():
    region = ParameterString("Region", enum_values=["eu-west-1", "us-east-1"])
    kind = ParameterString("Kind", default_value="fast", enum_values=["fast", "exact"])
    greeting = ParameterString("Greeting", default_value="Grüße, 日本 \U0001f600 \"q\" \\ \n")
    count = ParameterInteger("Count", default_value=-9007199254740993)
    needed = ParameterInteger("Needed")
    rate = ParameterFloat("Rate", default_value=1e-07)
    whole = ParameterFloat("Whole", default_value=2.0)
    quick = ParameterBoolean("Quick", default_value=False)
    asked = ParameterBoolean("Asked")
    empty = ParameterString("Empty", default_value="")
    fail = FailStep(name="Stop", error_message=Join(on=" ", values=["Kind", kind]))
    check = ConditionStep(
        name="Check",
        conditions=[ConditionGreaterThan(left=rate, right=0.5)],
        if_steps=[fail],
        else_steps=[],
    )
    parameters = [region, kind, greeting, count, needed, rate, whole, quick, asked, empty]
    write("every-type", parameters, [check])


def two_hundred():
    parameters = [
        ParameterString(f"Parameter{n:03}", default_value=str(n)) for n in range(200)
    ]
    write("two-hundred", parameters, [FailStep(name="Stop", error_message="stop")])


def none():
    write("none", [], [FailStep(name="Stop", error_message="stop")])


every_type()
two_hundred()
none()
