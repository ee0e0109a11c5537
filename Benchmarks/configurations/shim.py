"""What a team would write in an afternoon: FastAPI in front, the official SDK's signer, httpx behind. No callers, no policy, no quota, and an access line
instead of a record.

    uvicorn shim:app        with SHIM_UPSTREAM, SHIM_ACCESS_KEY, SHIM_SECRET_KEY and SHIM_LOG
"""

import json
import logging
import os
import time
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

UPSTREAM = os.environ["SHIM_UPSTREAM"]
HOST = urlsplit(UPSTREAM).netloc
signer = Signer(BasicCredentials(os.environ["SHIM_ACCESS_KEY"], os.environ["SHIM_SECRET_KEY"]))
log = logging.getLogger("access")
log.addHandler(logging.FileHandler(os.environ["SHIM_LOG"]))
log.setLevel(logging.INFO)


@asynccontextmanager
async def lifespan(app: FastAPI):
    limits = httpx.Limits(max_connections=512, max_keepalive_connections=512)
    async with httpx.AsyncClient(base_url=UPSTREAM, limits=limits, timeout=30) as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


@app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
async def forward(path: str, request: Request):
    begin = time.monotonic()
    body = await request.body()
    signed = signer.sign(SdkRequest(
        method=request.method, schema="http", host=HOST, resource_path="/" + path, query_params=request.query_params.multi_items(),
        header_params={"Content-Type": request.headers.get("content-type", "application/json")}, body=body))
    client = request.app.state.client
    answer = await client.send(client.build_request(signed.method, signed.uri, headers=signed.header_params, content=body), stream=True)
    log.info(json.dumps({"path": path, "status": answer.status_code, "seconds": time.monotonic() - begin}))
    kept = {name: value for name, value in answer.headers.items() if name in ("content-type", "content-length", "x-request-id")}
    return StreamingResponse(answer.aiter_raw(), answer.status_code, kept, background=_Closing(answer))


class _Closing:
    """Gives the connection back once the answer has been passed on."""

    def __init__(self, answer: httpx.Response):
        self.answer = answer

    async def __call__(self) -> None:
        await self.answer.aclose()
