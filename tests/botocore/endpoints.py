"""Resolves a service's endpoint in every region and variant with botocore: one JSON object a line.

Usage: endpoints.py SERVICE
"""

import json
import sys

import botocore.session
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError

session = botocore.session.get_session()
loader = session.get_component("data_loader")
partitions = loader.load_data("partitions")
provider = EndpointProvider(loader.load_service_model(sys.argv[1], "endpoint-rule-set-1"), partitions)

for partition in partitions["partitions"]:
    for region in partition["regions"]:
        # A pseudo-region such as `aws-global` has no endpoint of its own.
        if region.endswith("-global"):
            continue
        for fips in (False, True):
            for dual_stack in (False, True):
                try:
                    endpoint = provider.resolve_endpoint(
                        Region=region, UseFIPS=fips, UseDualStack=dual_stack
                    )
                    url = endpoint.url
                except EndpointProviderError:
                    url = None
                print(json.dumps({"region": region, "fips": fips, "dualStack": dual_stack, "url": url}))
