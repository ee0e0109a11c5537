"""Reads profile files with the official Python SDK.

Input: one JSON object a line, text (base64). Output: one a line, the values that it reads, or error.
"""

import base64
import json
import os
import sys
import tempfile

try:
    from huaweicloudsdkcore.auth.provider import ProfileCredentialProvider
except ImportError:
    sys.exit(3)

path = os.path.join(tempfile.mkdtemp(), "credentials")
os.environ["HUAWEICLOUD_SDK_CREDENTIALS_FILE"] = path


def read(text):
    with open(path, "wb") as file:
        file.write(text)
    try:
        credentials = ProfileCredentialProvider.get_basic().get_credentials()
    except Exception as error:
        return {"error": type(error).__name__}
    names = {"ak": "ak", "sk": "sk", "securityToken": "security_token", "iamEndpoint": "iam_endpoint", "idpId": "idp_id", "idTokenFile": "id_token_file"}
    return {key: getattr(credentials, name, None) or getattr(credentials, "_" + name, None) for key, name in names.items()}


for line in sys.stdin:
    print(json.dumps(read(base64.b64decode(json.loads(line)["text"]))), flush=True)
