"""Dashboards and alerts: every metric in them exists, every alert can fire, and a real Prometheus accepts both."""

import json
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import yaml

from harness import wire
from harness.deadline import eventually
from harness.ports import free_port
from harness.process import PROJECT, configuration, serve

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SOURCES = Path(__file__).resolve().parents[2] / "Sources/Administration"
RULES = [rule for group in yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text())["groups"] for rule in group["rules"]]
DASHBOARDS = sorted((DEPLOY / "grafana").glob("*.json"))
TOKEN = "s" * 40
NAME = re.compile(r"\b(?:hssgw|http|process)_[a-z_]+\b")


def names(expression: str) -> set[str]:
    """The metrics of an expression; a histogram's by its family."""
    bare = re.sub(r'"[^"]*"', '""', re.sub(r"\{[^}]*\}", "{}", expression))
    found = set(NAME.findall(re.sub(r"\b(?:by|on|without)\s*\([^)]*\)", "", bare)))
    return {re.sub(r"_(bucket|count|sum)$", "", name) if "_seconds_" in name else name for name in found}


def panels(dashboard: Path) -> list[dict]:
    return [panel for panel in json.loads(dashboard.read_text())["panels"] if panel["type"] != "row"]


def expressions() -> dict[str, str]:
    every = {f"alert {rule['alert']}": rule["expr"] for rule in RULES}
    for dashboard in DASHBOARDS:
        for panel in panels(dashboard):
            for target in panel["targets"]:
                every[f"{dashboard.name}: {panel['title']} {target['refId']}"] = target["expr"]
        for note in json.loads(dashboard.read_text())["annotations"]["list"]:
            every[f"{dashboard.name}: {note['name']}"] = note["expr"]
    return every


def in_operation(expression: str) -> str:
    """With Grafana's replacements."""
    replaced = expression.replace("$__rate_interval", "1m").replace("$__range", "1h")
    return re.sub(r"\$(job|instance|caller)", ".*", replaced)


def test_rules_and_their_cases_pass_promtool():
    for command in (["check", "rules", "alerts.yaml"], ["test", "rules", "alerts.test.yaml"], ["check", "config", "prometheus.yaml"]):
        result = subprocess.run(["promtool", *command], cwd=DEPLOY / "prometheus", capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, result.stdout + result.stderr


def test_every_alert_has_a_case_in_which_it_fires():
    cases = yaml.safe_load((DEPLOY / "prometheus/alerts.test.yaml").read_text())["tests"]
    fired = {
        re.search(r'alertname="(\w+)"', check["expr"])[1] for case in cases for check in case["promql_expr_test"] if check["exp_samples"]
    }
    assert fired == {rule["alert"] for rule in RULES}
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"].keys() == {"summary", "description"}


def test_what_the_documents_call_worth_an_alert_is_one():
    """The tables of docs/operations.md and docs/fleet.md; there what is only for information has no rule."""
    judged = set().union(*(names(rule["expr"]) for rule in RULES))
    docs = DEPLOY.parent / "docs"
    tables = ((docs / "operations.md").read_text().partition("## Alerts\n")[2].partition("\n## ")[0],
              (docs / "fleet.md").read_text().partition("Worth an alert")[2].partition("\n## ")[0])
    rows = [row for table in tables for row in table.splitlines() if NAME.search(row) and row.startswith("|") and "| information" not in row]
    assert len(rows) > 20
    for row in rows:
        wanted = {name for code in re.findall(r"`([^`]*)`", row) for name in names(code)}
        assert wanted and wanted <= judged, row


def test_dashboards_are_whole():
    assert [dashboard.stem for dashboard in DASHBOARDS] == ["callers", "evidence", "fleet", "overview"]
    assert len({json.loads(dashboard.read_text())["uid"] for dashboard in DASHBOARDS}) == 4
    for dashboard in DASHBOARDS:
        document = json.loads(dashboard.read_text())
        variables = {variable["name"] for variable in document["templating"]["list"]}
        ids = [panel["id"] for panel in document["panels"]]
        assert len(ids) == len(set(ids))
        places = [panel["gridPos"] for panel in document["panels"]]
        for index, one in enumerate(places):
            assert one["x"] + one["w"] <= 24
            for other in places[:index]:
                beside = one["x"] >= other["x"] + other["w"] or other["x"] >= one["x"] + one["w"]
                below = one["y"] >= other["y"] + other["h"] or other["y"] >= one["y"] + one["h"]
                assert beside or below, (dashboard.name, one, other)
        for panel in panels(dashboard):
            assert panel["title"] and panel["targets"] and panel["datasource"]["uid"] == "${datasource}"
            for target in panel["targets"]:
                used = set(re.findall(r"\$([a-z]\w*)", target["expr"]))
                assert used <= variables, (dashboard.name, panel["title"])


@pytest.fixture
def prometheus(sandbox, tmp_path):
    """A gateway with everything that has metrics except a fleet, and a Prometheus that scrapes it with an auditor's token."""
    document = configuration(tmp_path, sandbox.url)
    token = tmp_path / "scrape-token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    document["admin"]["tokens"] = [{"name": "prometheus", "role": "auditor", "token_file": str(token)}]
    document["audit"]["checkpoint"] = {"every": 1, "interval": "1s", "anchors": [{"file": str(tmp_path / "anchor")}]}
    document["audit"]["ship"] = [{"type": "otlp", "endpoint": "http://127.0.0.1:9/v1/logs"}]
    gateway = serve(tmp_path, document)
    process = None
    try:
        assert gateway.call("GET", f"/v5/{PROJECT}/host-management/hosts?limit=10").status == 200
        scrape = yaml.safe_load((DEPLOY / "prometheus/prometheus.yaml").read_text())
        scrape["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        scrape["scrape_configs"][0] |= {
            "static_configs": [{"targets": [gateway.admin]}], "authorization": {"credentials_file": str(token)}, "scrape_timeout": "1s"}
        (tmp_path / "prometheus.yaml").write_text(yaml.safe_dump(scrape))
        shutil.copy(DEPLOY / "prometheus/alerts.yaml", tmp_path)
        log = tmp_path / "prometheus.log"
        # It doesn't support a port chosen by the system.
        port = free_port()
        with open(log, "wb") as output:
            process = subprocess.Popen(
                ["prometheus", f"--config.file={tmp_path}/prometheus.yaml", f"--storage.tsdb.path={tmp_path}/metrics",
                 f"--web.listen-address=127.0.0.1:{port}"],
                stdout=output, stderr=output, cwd=tmp_path)
        eventually(lambda: "Server is ready" in log.read_text(), "Prometheus")
        yield gateway, f"http://127.0.0.1:{port}"
    finally:
        if process:
            process.terminate()
            process.wait(20)
        gateway.stop()


def ask(url: str, path: str, **parameters):
    with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(parameters)}", timeout=20) as answer:
        return json.load(answer)["data"]


def test_a_real_prometheus_scrapes_judges_and_answers_every_panel(prometheus):
    gateway, url = prometheus
    up = eventually(lambda: [one for one in ask(url, "/api/v1/query", query="up")["result"] if one["value"][1] == "1"], "a scrape")
    assert up[0]["metric"]["job"] == "hss-gateway"
    # Metrics that are missing in a scrape because there is no fleet here are in the program.
    def look() -> str | None:
        text = wire.call(gateway.admin, "GET", "/metrics", [("Authorization", f"Bearer {TOKEN}")]).body.decode()
        return text if "\nhssgw_audit_checkpoint_timestamp_seconds" in text else None

    exposition = eventually(look, "a checkpoint")
    scraped = set(re.findall(r"^# TYPE (\S+)", exposition, re.MULTILINE))
    fleet = set(re.findall(r'"(hssgw_fleet_[a-z_]+)"', "".join(file.read_text() for file in SOURCES.glob("MetricsReport*.swift"))))
    assert len(fleet) > 5
    for place, expression in expressions().items():
        assert names(expression) <= scraped | fleet, f"{place} asks for {names(expression) - scraped - fleet}"
        ask(url, "/api/v1/query", query=in_operation(expression))
    groups = eventually(
        lambda: (found := ask(url, "/api/v1/rules")["groups"]) and all(rule["health"] != "unknown" for group in found for rule in group["rules"]) and found,
        "the rules' first round")
    for rule in (rule for group in groups for rule in group["rules"]):
        assert rule["health"] == "ok", rule
    assert sum(len(group["rules"]) for group in groups) == len(RULES)
    # It has an auditor's rights only.
    assert wire.call(gateway.admin, "POST", "/-/reload", [("Authorization", f"Bearer {TOKEN}")]).status == 403


def test_a_metric_that_does_not_exist_is_found():
    assert names('sum(rate(hssgw_nothing_total{error_code="hssgw_x"}[5m])) by (http_request_method)') == {"hssgw_nothing_total"}
    assert names("histogram_quantile(0.9, rate(http_client_request_duration_seconds_bucket[5m]))") == {"http_client_request_duration_seconds"}
