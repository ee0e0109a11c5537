"""Signs requests with the official Python signer, from what a server would receive.

One JSON object a line comes in: method, host, target (as it stands on the wire), headers ([[name, value], ...]), body (base64), ak, sk.
One JSON object a line goes out: authorization, uri (what the official client would put on the wire).
"""

import base64
import json
import sys
from urllib.parse import unquote

try:
    from huaweicloudsdkcore.sdk_request import SdkRequest
    from huaweicloudsdkcore.signer.signer import Signer
except ImportError:
    sys.exit(3)


class Credentials:
    def __init__(self, ak, sk):
        self.ak = ak
        self.sk = sk


def pairs(query):
    for pair in query.split("&") if query else []:
        name, _, value = pair.partition("=")
        yield unquote(name, errors="strict"), unquote(value, errors="strict")


def sign(case):
    path, _, query = case["target"].partition("?")
    request = SdkRequest(
        method=case["method"],
        schema="https",
        host=case["host"],
        resource_path=path,
        query_params=list(pairs(query)),
        header_params=dict(case["headers"]),
        body=base64.b64decode(case["body"]),
    )
    signed = Signer(Credentials(case["ak"], case["sk"])).sign(request)
    return {"authorization": signed.header_params["Authorization"], "uri": signed.uri}


for line in sys.stdin:
    print(json.dumps(sign(json.loads(line))))
