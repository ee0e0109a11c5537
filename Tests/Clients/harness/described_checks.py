"""An additional check for Schemathesis, which loads this file from SCHEMATHESIS_HOOKS."""

import json
import re
from pathlib import Path

import schemathesis

DOCUMENT = (Path(__file__).resolve().parents[3] / "openapi.yaml").read_text()
#: The codes in the description of the data port.
CODES = set(re.findall(r"`(HSSGW\.\d{4})`", DOCUMENT.split("    GatewayError:", 1)[1].split("    UpstreamError:", 1)[0]))


@schemathesis.check
def refusals_are_ours_and_documented(ctx, response, case):
    """A refusal of the gateway has its own shape, a documented code, and the status in its body; all other answers are HSS's."""
    source = response.headers.get("x-hssgw-source")
    assert source in (["gateway"], ["upstream"]), f"X-HSSGW-Source is {source}"
    if source == ["gateway"]:
        said = json.loads(response.content)
        assert response.headers["content-type"][0].split(";")[0] == "application/json"
        assert said["error_code"] in CODES, f"{said['error_code']} is not documented"
        assert said["status"] == response.status_code, said
        assert {"error_msg", "request_id", "type", "title", "retryable"} <= set(said), said
