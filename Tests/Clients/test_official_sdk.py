"""The official SDK for Python as a caller: only its endpoint is changed, its keys are dummies."""

import hashlib
import zipfile

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.http.formdata import FormFile
from huaweicloudsdkhss.v5 import (
    BatchExportBaselineTaskRequest, BatchExportSWRBaselineInfoRequestInfo, DeleteAppWhitelistPolicyRequest,
    DeleteAppWhitelistPolicyRequestInfo, HssClient, ListAccountsRequest, ListDownloadExportedFileRequest, ListQueryExportTaskRequest,
    ListSecurityEventsRequest, ListVulnerabilitiesRequest, UploadReportLogoRequest, UploadReportLogoRequestBody,
)

from harness.commands import create_key
from harness.deadline import eventually
from harness.upstream import answer


def client_of(gateway, project: str | None) -> HssClient:
    credentials = BasicCredentials("dummy-access-key", "dummy-secret-key", project) if project else BasicCredentials("dummy", "dummy")
    return HssClient.new_builder().with_credentials(credentials).with_endpoint(f"http://{gateway.data}").build()


@pytest.fixture
def client(gateway):
    return client_of(gateway, gateway.addresses["project"])


def test_an_api_key_is_a_preset_header(start, upstream):
    upstream.handler = lambda request, connection: answer(b'{"total_num":7,"data_list":[]}')
    gateway = start(upstream.url, lambda document: document["callers"][0].update(authenticate={"api_key": True}))
    client = client_of(gateway, None)
    client.preset_headers["X-HSSGW-Key"] = create_key(gateway.directory, "team")["api_key"]

    def ask():
        try:
            return client.list_vulnerabilities(ListVulnerabilitiesRequest()).total_num
        except ClientRequestException as refusal:
            assert refusal.error_code == "HSSGW.4010", refusal
            return None

    assert eventually(ask, "the key") == 7
    assert all("x-hssgw-key" not in {name.lower() for name, _ in request.fields} for request in upstream.requests)


@pytest.fixture
def newest(gateway):
    """The requests that reached HSS since the test began."""
    start = gateway.ledger.total()
    return lambda: gateway.ledger.entries(after=start)


@pytest.fixture
def closings(gateway):
    """The records of the requests that ended since the test began."""
    start = gateway.journal.last_sequence()
    return lambda: gateway.journal.closings_after(start)


def test_an_export_is_created_polled_and_downloaded_and_the_record_has_its_digest(client, closings, tmp_path):
    body = BatchExportSWRBaselineInfoRequestInfo(operate_all=True)
    created = client.batch_export_baseline_task(BatchExportBaselineTaskRequest(export_size=100, body=body))
    assert created.task_id

    polled = []

    def poll():
        polled.append(client.list_query_export_task(ListQueryExportTaskRequest(task_id=created.task_id)))
        return polled[-1].task_status != "running"

    # A poll may be answered with a recent one (`upstream.coalesce`).
    eventually(poll, "the end of the task")
    task = polled[-1]
    assert task.task_status == "success" and len(polled) > 1

    file = tmp_path / task.file_name
    download = client.list_download_exported_file(ListDownloadExportedFileRequest(file_id=task.file_id))
    with open(file, "wb") as output:
        download.consume_download_stream(lambda stream: [output.write(piece) for piece in stream.iter_content(65536)])
    assert zipfile.ZipFile(file).testzip() is None

    records = closings()
    assert [record["operation"] for record in records] == (
        ["BatchExportBaselineTask"] + ["ListQueryExportTask"] * len(polled) + ["ListDownloadExportedFile"])
    assert all(record["outcome"] == "success" and record["decision"] == "allow" for record in records)
    content = file.read_bytes()
    assert records[-1]["response_body"] == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert records[-1]["kind"] == "download"
    # The chain from a file to the request that created it.
    assert records[0]["export"]["task_id"] == records[-2]["export"]["task_id"] == created.task_id
    assert records[-2]["export"]["file_id"] == records[-1]["export"]["file_id"] == task.file_id


def test_a_list_keeps_the_meaning_of_its_query(client, newest):
    name = "a b+c&d=%/é~*"
    client.list_vulnerabilities(ListVulnerabilitiesRequest(type="linux_vul", vul_name=name, limit=10, offset=0))
    client.list_security_events(ListSecurityEventsRequest(category="host", event_types=[4001, 1002, 3015], limit=10))
    first, second = newest()
    assert first["verdict"] == second["verdict"] == "accepted"
    assert "vul_name=a%20b%2Bc%26d%3D%25%2F%C3%A9~%2A" in first["target"]
    assert "event_types=1002&event_types=3015&event_types=4001" in second["target"]
    assert "enterprise_project_id=0" in first["target"]


def test_a_delete_arrives_with_its_body(client, newest):
    client.delete_app_whitelist_policy(DeleteAppWhitelistPolicyRequest(body=DeleteAppWhitelistPolicyRequestInfo(policy_id="ä/b")))
    (entry,) = newest()
    assert entry["method"] == "DELETE" and entry["verdict"] == "accepted" and entry["operation"] == "DeleteAppWhitelistPolicy"
    assert entry["body"] == r'{"policy_id": "\u00e4/b"}'


def test_a_client_without_a_project_gets_the_callers_first_one(gateway, newest):
    answer = client_of(gateway, project=None).list_vulnerabilities(ListVulnerabilitiesRequest(limit=1))
    assert answer.total_num >= 1
    (entry,) = newest()
    project = gateway.addresses["project"]
    assert entry["verdict"] == "accepted" and entry["target"].startswith(f"/v5/{project}/")
    assert ["X-Project-Id", project] in entry["headers"]


def test_a_multipart_upload_goes_out_with_an_unsigned_payload(client, newest, tmp_path):
    logo = bytes(range(256)) * 64
    file = tmp_path / "logo.png"
    file.write_bytes(logo)
    client.upload_report_logo(UploadReportLogoRequest(body=UploadReportLogoRequestBody(file=FormFile(open(file, "rb")))))
    (entry,) = newest()
    assert entry["verdict"] == "accepted" and entry["operation"] == "UploadReportLogo"
    assert entry["body_bytes"] > len(logo)
    headers = dict(entry["headers"])
    assert headers["X-Sdk-Content-Sha256"] == "UNSIGNED-PAYLOAD"
    assert headers["Content-Type"].startswith("multipart/form-data; boundary=")


def test_an_account_operation_needs_no_project_in_its_path(client, newest, closings, gateway):
    client.list_accounts(ListAccountsRequest(limit=10))
    (entry,) = newest()
    assert entry["verdict"] == "accepted" and entry["target"].startswith("/v5/setting/account/accounts?")
    (record,) = closings()
    assert record["operation"] == "ListAccounts" and record["project"]["id"] == gateway.addresses["project"]


def test_a_refusal_of_the_gateway_is_an_error_that_the_sdk_understands(gateway, newest, closings):
    with pytest.raises(ClientRequestException) as caught:
        client_of(gateway, "f" * 32).list_vulnerabilities(ListVulnerabilitiesRequest(limit=1))
    error = caught.value
    assert (error.status_code, error.error_code) == (403, "HSSGW.4033")
    assert "project" in error.error_msg
    (record,) = closings()
    assert record["request_id"] == error.request_id
    assert (record["phase"], record["outcome"], record["error_code"]) == ("refusal", "refused", "HSSGW.4033")
    assert newest() == []


def test_an_error_of_hss_reaches_the_sdk_untouched(gateway, client, closings):
    body = '{"error_description":"无效的策略信息","error_code":"HSS.1005","error_msg":"无效的策略信息"}'
    gateway.ledger.add_fault("status", status=400, body=body, headers={"Content-Type": "application/json", "X-Odd": "kept"})
    with pytest.raises(ClientRequestException) as caught:
        client.list_vulnerabilities(ListVulnerabilitiesRequest(limit=1))
    error = caught.value
    assert (error.status_code, error.error_code, error.error_msg) == (400, "HSS.1005", "无效的策略信息")
    (record,) = closings()
    assert record["upstream"]["request_id"] == error.request_id
    assert (record["phase"], record["source"], record["outcome"]) == ("response", "upstream", "failure")
    assert record["error_code"] == "HSS.1005"

    # The same again, to see the bytes.
    gateway.ledger.add_fault("status", status=400, body=body, headers={"Content-Type": "application/json", "X-Odd": "kept"})
    response = gateway.call("GET", "/v5/_/vulnerability/vulnerabilities")
    assert (response.status, response.body.decode()) == (400, body)
    assert response.value("X-Odd") == "kept" and response.value("X-HSSGW-Source") == "upstream"
    assert response.value("X-Request-Id") and response.value("Audit-Id")
