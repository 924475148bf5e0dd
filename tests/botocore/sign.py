"""Signs random requests with botocore: one JSON object a line, the same in each run."""

import datetime
import json
import random
import sys

import botocore.auth
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REGIONS = ["us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1", "ap-southeast-3", "us-iso-east-1"]
HEADERS = ["x-amz-a", "x-amz-security-b", "x-custom", "accept", "amz-sdk-request"]
ALPHABET = "abc XYZ019-_.~/+=:;,\t\"'{}[]äß€漢字🙂\u0000\n"

random.seed(20261123)
clock = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
if hasattr(botocore.auth, "get_current_datetime"):
    botocore.auth.get_current_datetime = lambda remove_tzinfo=True: (
        clock.replace(tzinfo=None) if remove_tzinfo else clock
    )
else:
    sys.exit("this version of botocore reads the clock in another way")


def text(most, alphabet=ALPHABET):
    return "".join(random.choice(alphabet) for _ in range(random.randrange(most)))


def word(least, most):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+"
    return "".join(random.choice(letters) for _ in range(random.randint(least, most)))


for _ in range(int(sys.argv[1])):
    clock = datetime.datetime.fromtimestamp(random.randrange(4_102_444_800), datetime.timezone.utc)
    region = random.choice(REGIONS)
    host = f"api.sagemaker.{region}.amazonaws.com" + random.choice(["", ":8443"])
    path = random.choice(["/", "/base", "/base/of-a_proxy/~x.y"])
    printable = "".join(chr(c) for c in range(0x20, 0x7F))
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "SageMaker." + word(1, 30),
    }
    for name in random.sample(HEADERS, random.randrange(len(HEADERS))):
        headers[name] = text(40, printable)
    body = text(300) if random.random() < 0.9 else ""
    secret, key = word(1, 60), word(16, 32)
    token = word(1, 900) if random.random() < 0.5 else None
    request = AWSRequest("POST", f"https://{host}{path}", headers=dict(headers), data=body.encode())
    SigV4Auth(Credentials(key, secret, token), "sagemaker", region).add_auth(request)
    print(
        json.dumps(
            {
                "region": region,
                "accessKeyId": key,
                "secret": secret,
                "token": token,
                "time": int(clock.timestamp()) * 1000,
                "path": path,
                "headers": {"host": host, **headers},
                "body": body,
                "authorization": request.headers["Authorization"],
            }
        )
    )
