"""Identity services that refuse or are slow at first: when they answer, the gateway serves without a restart."""

import json
import time
from email.utils import formatdate

import pytest

from harness.deadline import PATIENCE_SECONDS, eventually
from harness.iam import iso
from harness.process import REGION
from harness.upstream import Upstream, answer

LIST = "/v5/_/vulnerability/vulnerabilities"


@pytest.fixture
def service():
    """Stands for the metadata service and for IAM; `refuses` says whether it refuses everybody, and `delay` how long it thinks."""
    service = Upstream()
    service.refuses, service.delay = True, 0.0

    def handler(request, connection):
        date = [("Date", formatdate(usegmt=True))]
        if request.target.endswith("/api/token"):
            return answer(b"SESSION==", 200, date)
        time.sleep(service.delay)
        if service.refuses:
            return answer(b'{"error":{"code":401,"message":"Please configure Cloud Service Agency first"}}', 401, date)
        if request.target.startswith("/v3/projects"):
            return answer(json.dumps({"projects": [{"id": "0123456789abcdef0123456789abcdef", "name": REGION}]}).encode(), 200, date)
        # What IAM and the metadata service answer to all other calls.
        keys = {"access": "TMPAK", "secret": "TMPSK", "securitytoken": "TMPTOKEN", "expires_at": iso(time.time() + 3600)}
        return answer(json.dumps({"credential": keys, "domains": [{"id": "d"}]}).encode(), 200, date)

    service.handler = handler
    yield service
    service.close()


def recovers(gateway, service, patience=PATIENCE_SECONDS):
    eventually(lambda: any(r.get("event") == "credential_renewal_failed" for r in gateway.journal.records()), "the failed renewal's record")
    assert gateway.call("GET", LIST).error_code == "HSSGW.5030"
    service.refuses = False
    eventually(lambda: gateway.call("GET", LIST).status == 200, "keys", patience)


def test_a_machine_that_gets_its_agency_later_has_keys_without_a_restart(start, upstream, service):
    def change(document):
        document["credentials"] = [{"name": "keys", "type": "ecs_metadata", "endpoint": service.url}]

    recovers(start(upstream.url, change), service)


def test_an_agency_whose_source_was_refused_at_first_has_keys_when_it_is_accepted(start, upstream, service):
    def change(document):
        base = {**document["credentials"][0], "name": "base"}
        document["regions"][REGION]["iam"] = service.url
        agency = {"name": "keys", "type": "agency", "source": "base", "domain": "acme", "agency": "reader", "region": REGION}
        document["credentials"] = [agency, base]

    # Until then its key may have been suspended for a minute.
    recovers(start(upstream.url, change), service, 3 * PATIENCE_SECONDS)


def test_an_identifier_that_comes_later_than_the_start_waits_is_used(start, upstream, service):
    # Longer than the start waits, and shorter than a call to IAM may take.
    service.refuses, service.delay = False, 6.5

    def change(document):
        document["regions"][REGION]["iam"] = service.url
        for project in document["projects"]:
            del project["id"]

    gateway = start(upstream.url, change)
    eventually(lambda: gateway.call("GET", LIST).status == 200, "the project's id")


@pytest.mark.parametrize("session", ["S" * 200_000, "SESSION-OF-A-PROXY"], ids=["longer than any", "of somebody else"])
def test_a_session_token_that_the_metadata_service_does_not_take_is_replaced(start, upstream, service, session):
    good = service.handler

    def handler(request, connection):
        if request.target.endswith("/api/token"):
            return answer((session if service.refuses else "SESSION==").encode())
        if request.values("X-Metadata-Token") != ["SESSION=="]:
            return answer(b"what is this?", 400)
        return good(request, connection)

    service.handler = handler
    recovers(start(upstream.url, lambda document: document.update(
        credentials=[{"name": "keys", "type": "ecs_metadata", "endpoint": service.url}])), service)


@pytest.mark.parametrize("identifier", ["", "d\r\nX-Other: 1", "another"], ids=["empty", "in two lines", "of somebody else"])
def test_an_account_that_iam_named_wrongly_is_asked_for_again(start, upstream, service, identifier):
    good = service.handler

    def handler(request, connection):
        if request.target.startswith("/v3/auth/domains"):
            return answer(json.dumps({"domains": [{"id": identifier if service.refuses else "d"}]}).encode())
        if request.target.endswith("/securitytokens") and request.values("X-Domain-Id") != ["d"]:
            return answer(b'{"error":{"code":400,"message":"no such domain"}}', 400)
        return good(request, connection)

    service.handler = handler

    def change(document):
        base = {**document["credentials"][0], "name": "base"}
        document["regions"][REGION].update(iam=service.url, sts=service.url)
        agency = {"name": "keys", "type": "agency", "source": "base", "domain": "acme", "agency": "reader", "region": REGION}
        document["credentials"] = [agency, base]

    recovers(start(upstream.url, change), service)
