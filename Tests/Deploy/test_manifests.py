"""Kubernetes manifests, the compose file, the Dockerfile and the systemd units are well-formed and consistent with the documentation."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

# The oldest supported release, and the newest whose schemas the validator has.
KUBERNETES_VERSIONS = ["1.30", "1.36"]


def manifests(deploy: Path) -> list[tuple[str, dict]]:
    names = yaml.safe_load((deploy / "kubernetes/kustomization.yaml").read_text())["resources"] + ["secret.example.yaml"]
    documents = [(name, document) for name in names for document in yaml.safe_load_all((deploy / "kubernetes" / name).read_text())]
    assert documents
    return documents


def only(deploy: Path, kind: str) -> dict:
    found = [document for _, document in manifests(deploy) if document["kind"] == kind]
    assert len(found) == 1, kind
    return found[0]


def test_every_yaml_file_parses(deploy):
    files = sorted(deploy.rglob("*.yaml"))
    assert len(files) >= 12
    for file in files:
        assert list(yaml.safe_load_all(file.read_text())), file


def selects(peer: dict, label: str) -> bool:
    return all(label in peer.get(selector, {}).get("matchLabels", {}) for selector in ("namespaceSelector", "podSelector"))


class TestKubernetes:
    @pytest.mark.parametrize("version", KUBERNETES_VERSIONS)
    def test_resources_fit_the_schemas_of_the_api(self, deploy, version):
        for name, document in manifests(deploy):
            kubernetes_validate.validate(document, version, strict=True)

    def test_the_validator_can_fail(self, deploy):
        broken = only(deploy, "StatefulSet")
        broken["spec"]["replica"] = broken["spec"].pop("replicas")
        with pytest.raises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(broken, KUBERNETES_VERSIONS[-1], strict=True)

    def test_every_file_is_in_the_kustomization_or_known_not_to_be(self, deploy):
        listed = yaml.safe_load((deploy / "kubernetes/kustomization.yaml").read_text())
        generated = [name for generator in listed["configMapGenerator"] for name in generator["files"]]
        known = set(listed["resources"]) | set(generated) | {"kustomization.yaml", "secret.example.yaml", "overlays", "components"}
        assert {file.name for file in (deploy / "kubernetes").iterdir()} == known

    def test_the_pod_keeps_to_the_restricted_profile(self, deploy):
        pod = only(deploy, "StatefulSet")["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 65532
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False
            assert security["readOnlyRootFilesystem"] is True
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["requests"] and container["resources"]["limits"]

    def test_names_and_labels_fit_together(self, deploy):
        workload = only(deploy, "StatefulSet")
        labels = workload["spec"]["template"]["metadata"]["labels"]
        services = {document["metadata"]["name"]: document for _, document in manifests(deploy) if document["kind"] == "Service"}
        assert workload["spec"]["serviceName"] in services
        selectors = [service["spec"]["selector"] for service in services.values()]
        selectors += [only(deploy, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"]]
        selectors += [only(deploy, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"]]
        for selector in selectors:
            assert selector.items() <= labels.items()
        pod = workload["spec"]["template"]["spec"]
        container = pod["containers"][0]
        volumes = {volume["name"] for volume in pod["volumes"]} | {
            claim["metadata"]["name"] for claim in workload["spec"]["volumeClaimTemplates"]
        }
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes
        secret = [volume["secret"]["secretName"] for volume in pod["volumes"] if "secret" in volume]
        assert secret == [only(deploy, "Secret")["metadata"]["name"]]

    def test_the_configuration_reads_and_writes_where_the_pod_mounts(self, deploy):
        container = only(deploy, "StatefulSet")["spec"]["template"]["spec"]["containers"][0]
        mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        configuration = yaml.safe_load((deploy / "kubernetes/config.yaml").read_text())
        assert configuration["audit"]["directory"].startswith(mounts["journal"] + "/")
        keys = only(deploy, "Secret")["stringData"]
        for credential in configuration["credentials"]:
            for key in ("access_key_file", "secret_key_file"):
                directory, _, name = credential[key].rpartition("/")
                assert directory == mounts["credentials"] and name in keys
        ports = {str(port["containerPort"]) for port in container["ports"]}
        admin = configuration["admin"]
        assert {listener["address"].rpartition(":")[2] for listener in [*configuration["listeners"], admin]} == ports
        # Every token is in the secret, and the probes use one of them.
        for file in [admin["token_file"], *(token["token_file"] for token in admin["tokens"])]:
            directory, _, name = file.rpartition("/")
            assert directory == mounts["credentials"] and name in keys
        assert {"name": "HSSGW_ADMIN_TOKEN_FILE", "value": admin["token_file"]} in container["env"]

    def test_the_admin_port_can_be_scraped_by_those_who_say_so_with_an_auditors_token(self, deploy):
        component = deploy / "kubernetes/components/monitoring"
        listed = yaml.safe_load((component / "kustomization.yaml").read_text())
        assert {file.name for file in component.iterdir()} == {"kustomization.yaml", *listed["resources"]}
        monitor = yaml.safe_load((component / "servicemonitor.yaml").read_text())
        (endpoint,) = monitor["spec"]["endpoints"]
        services = [document for _, document in manifests(deploy) if document["kind"] == "Service"]
        labels = monitor["spec"]["selector"]["matchLabels"]
        # Each pod once: only one service has the port.
        scraped = [
            service for service in services
            if labels.items() <= service["metadata"]["labels"].items() and endpoint["port"] in [port["name"] for port in service["spec"]["ports"]]
        ]
        assert len(scraped) == 1 and scraped[0]["spec"]["clusterIP"] == "None"
        secret = endpoint["authorization"]["credentials"]
        assert secret["name"] == only(deploy, "Secret")["metadata"]["name"]
        for name in ("kubernetes/config.yaml", "kubernetes/overlays/fleet/config.yaml"):
            tokens = yaml.safe_load((deploy / name).read_text())["admin"]["tokens"]
            assert [token["role"] for token in tokens if token["token_file"].endswith("/" + secret["key"])] == ["auditor"]
        rules = [rule for rule in only(deploy, "NetworkPolicy")["spec"]["ingress"] if {port["port"] for port in rule["ports"]} == {"admin"}]
        assert len(rules) == 1 and all(selects(peer, "hss-gateway.metrics") for peer in rules[0]["from"])

    def test_the_pod_reaches_its_sinks_and_anchors_and_nothing_else_in_the_cluster(self, deploy):
        """The ports are those of the configured sinks; without the labels of a sink no pod except the DNS service is reachable."""
        rules = only(deploy, "NetworkPolicy")["spec"]["egress"]
        sinks = [rule for rule in rules if any(selects(peer, "hss-gateway.sink") for peer in rule["to"])]
        assert len(sinks) == 1 and {port["port"] for port in sinks[0]["ports"]} == {5432, 4318, 6514}
        assert all("namespaceSelector" in peer and "podSelector" in peer for peer in sinks[0]["to"])
        open_rules = [rule for rule in rules if any("ipBlock" in peer for peer in rule["to"])]
        assert {port["port"] for rule in open_rules for port in rule["ports"]} == {443}

    @pytest.mark.parametrize("version", KUBERNETES_VERSIONS)
    def test_the_fleet_has_two_gateways_a_migration_and_the_shared_database(self, deploy, version):
        overlay = deploy / "kubernetes/overlays/fleet"
        kustomization = yaml.safe_load((overlay / "kustomization.yaml").read_text())
        named = set(kustomization["resources"]) | {patch["path"] for patch in kustomization["patches"]} | {"kustomization.yaml", "config.yaml"}
        assert {file.name for file in overlay.iterdir()} == named - {"../.."}
        migration = yaml.safe_load((overlay / "migration.yaml").read_text())
        kubernetes_validate.validate(migration, version, strict=True)
        workload = yaml.safe_load((overlay / "statefulset.yaml").read_text())["spec"]
        assert (only(deploy, "StatefulSet")["spec"]["replicas"], workload["replicas"]) == (1, 2)
        pod, job = workload["template"]["spec"], migration["spec"]["template"]["spec"]
        # The owner's URL stays with the Job, and each file is where it is expected.
        assert [item["key"] for item in pod["volumes"][0]["secret"]["items"]] == ["url"]
        assert [item["key"] for item in job["volumes"][0]["secret"]["items"]] == ["owner-url"]
        fleet = yaml.safe_load((overlay / "config.yaml").read_text())["fleet"]
        assert fleet["url_file"] == pod["containers"][0]["volumeMounts"][0]["mountPath"] + "/url"
        assert job["containers"][0]["args"][-1] == job["containers"][0]["volumeMounts"][0]["mountPath"] + "/owner-url"

    def test_the_pod_has_more_time_to_stop_than_the_drain_takes(self, deploy):
        limits = yaml.safe_load((deploy / "kubernetes/config.yaml").read_text())["limits"]
        seconds = sum(int(limits[name].removesuffix("s")) for name in ("drain_delay", "drain"))
        assert limits["drain_delay"] == "5s"
        assert only(deploy, "StatefulSet")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] >= seconds + 10

    @pytest.mark.parametrize("name", ["kubernetes/config.yaml", "kubernetes/overlays/fleet/config.yaml"])
    def test_the_bodies_and_slow_readers_of_all_callers_fit_into_the_pod(self, name, deploy):
        """By the rule of docs/sizing.md. The overlay replaces the base's configuration, and leaves its pod's memory."""
        limits = yaml.safe_load((deploy / name).read_text())["limits"]
        memory = only(deploy, "StatefulSet")["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"]
        readers = max(limits["connections"], limits["in_flight"])
        assert 100 + int(limits["bodies"].removesuffix("MiB")) + 0.18 * readers < int(memory.removesuffix("Mi"))

    def test_one_pod_that_may_be_moved(self, deploy):
        """Several pods don't share their state, and a required minimum of one would prevent its node from being drained."""
        assert only(deploy, "StatefulSet")["spec"]["replicas"] == 1
        assert only(deploy, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1

    def test_probes_ask_the_gateway_itself(self, deploy):
        container = only(deploy, "StatefulSet")["spec"]["template"]["spec"]["containers"][0]
        commands = {name: container[name]["exec"]["command"][1:] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
        assert commands == {"startupProbe": ["health"], "readinessProbe": ["health"], "livenessProbe": ["health", "--live"]}


class TestCompose:
    @pytest.mark.parametrize("name", ["compose.yaml", "compose.fleet.yaml"])
    def test_fits_the_schema_of_the_compose_specification(self, deploy, name):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "--output-format", "json"]
        result = subprocess.run([*command, str(deploy / name)], capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, result.stdout
        assert json.loads(result.stdout)["status"] == "ok"

    def test_gateway_and_stand_in_share_one_network_and_one_account(self, deploy):
        services = yaml.safe_load((deploy / "compose.yaml").read_text())["services"]
        gateway, sandbox = services["gateway"], services["sandbox"]
        assert gateway["network_mode"] == "service:sandbox"
        assert gateway["environment"].items() <= sandbox["environment"].items()
        for service in (gateway, sandbox):
            assert service["read_only"] is True and service["cap_drop"] == ["ALL"]

    def test_is_published_on_loopback_only(self, deploy):
        services = yaml.safe_load((deploy / "compose.yaml").read_text())["services"]
        ports = [port for service in services.values() for port in service.get("ports", [])]
        assert ports and all(port.startswith("127.0.0.1:") for port in ports)

    def test_what_is_mounted_is_there_and_the_dashboards_are_fed(self, deploy):
        services = yaml.safe_load((deploy / "compose.yaml").read_text())["services"]
        assert {"sandbox", "gateway", "database", "prometheus", "grafana"} <= services.keys()
        for service in services.values():
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                assert not source.startswith(".") or (deploy / source).exists(), volume
        source = yaml.safe_load((deploy / "grafana/provisioning/datasources/prometheus.yaml").read_text())["datasources"][0]
        assert any(source["url"].rpartition(":")[2] in argument for argument in services["prometheus"]["command"])
        url = (deploy / "compose/database-url").read_text()
        account = services["database"]["environment"]
        assert f"//{account['POSTGRES_USER']}:{account['POSTGRES_PASSWORD']}@127.0.0.1:5432/{account['POSTGRES_DB']}" in url

    def test_the_gateways_configuration_is_one(self, deploy, binary, clean_environment, tmp_path):
        environment = yaml.safe_load((deploy / "compose.yaml").read_text())["services"]["gateway"]["environment"]
        settings = {name: str(value) for name, value in environment.items()}
        copy = tmp_path / "gateway.yaml"
        text = (deploy / "compose/gateway.yaml").read_text()
        copy.write_text(text.replace("/var/lib/hss-gateway", str(tmp_path)).replace("/etc/hss-gateway", str(tmp_path)))
        (tmp_path / "database-url").write_text((deploy / "compose/database-url").read_text())
        command = [binary, "config", "check", "--config", str(copy)]
        result = subprocess.run(command, env=clean_environment | settings, capture_output=True, text=True, timeout=60)
        assert result.returncode == 0, result.stderr


def instructions(deploy: Path) -> list[tuple[str, str]]:
    text = re.sub(r"^\s*#.*\n", "", (deploy / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = [line.strip() for line in re.sub(r"\\\n", " ", text).splitlines() if line.strip()]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


class TestDockerfile:
    WORDS = {"FROM", "RUN", "WORKDIR", "COPY", "ARG", "LABEL", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}

    def final_stage(self, deploy) -> list[tuple[str, str]]:
        found = instructions(deploy)
        last = max(index for index, (word, _) in enumerate(found) if word == "FROM")
        return found[last:]

    def test_has_two_stages_from_named_versions(self, deploy):
        found = instructions(deploy)
        assert {word for word, _ in found} <= self.WORDS
        bases = [rest.split()[0] for word, rest in found if word == "FROM"]
        assert len(bases) == 2
        assert all(":" in base and not base.endswith(":latest") for base in bases)

    def test_the_final_stage_runs_as_a_number_without_swift(self, deploy):
        stage = dict(self.final_stage(deploy))
        assert not stage["FROM"].startswith("swift")
        assert re.fullmatch(r"65532:65532", stage["USER"])
        assert stage["STOPSIGNAL"] == "SIGTERM"
        assert stage["EXPOSE"].split() == ["8080", "9090"]
        assert "SWIFT_BACKTRACE=enable=no" in stage["ENV"]

    def test_commands_are_lists_that_need_no_shell(self, deploy):
        stage = dict(self.final_stage(deploy))
        entry, arguments = json.loads(stage["ENTRYPOINT"]), json.loads(stage["CMD"])
        check = json.loads(stage["HEALTHCHECK"].split("CMD", 1)[1])
        assert check == [*entry, "health"]
        assert arguments[0] == "serve"

    def test_hadolint_finds_nothing_and_can_find_something(self, deploy, tmp_path):
        hadolint = Path(sys.executable).with_name("hadolint")
        if not hadolint.exists():
            pytest.skip("hadolint is not beside this Python")
        text = (deploy / "Dockerfile").read_text()
        (tmp_path / "Dockerfile").write_text(text.replace("--no-install-recommends ", ""))
        found = [subprocess.run([hadolint, "--no-color", path], capture_output=True, text=True, timeout=60) for path in (deploy / "Dockerfile", tmp_path / "Dockerfile")]
        assert (found[0].returncode, found[0].stdout) == (0, "")
        assert found[1].returncode == 1 and "DL3015" in found[1].stdout

    def test_package_lists_are_not_left_behind(self, deploy):
        for word, rest in instructions(deploy):
            if word == "RUN" and "apt-get install" in rest:
                assert "--no-install-recommends" in rest and "rm -rf /var/lib/apt/lists/*" in rest


class TestSystemd:
    def units(self, deploy, directory: Path) -> list[str]:
        """Copies with an existing program, because systemd checks for it."""
        copies = []
        for unit in sorted((deploy / "systemd").glob("hss-gateway.*")):
            copy = directory / unit.name
            copy.write_text(unit.read_text().replace("/usr/bin/hss-gateway", "/bin/true"))
            copies.append(str(copy))
        assert len(copies) == 2
        return copies

    @pytest.fixture
    def analyze(self) -> str:
        return shutil.which("systemd-analyze") or pytest.skip("systemd-analyze is not on this machine")

    def test_units_are_verified_by_systemd(self, analyze, deploy, tmp_path):
        result = subprocess.run([analyze, "verify", "--man=no", *self.units(deploy, tmp_path)], capture_output=True, text=True, timeout=60)
        # It reports unknown settings on stderr but exits with 0. Other units of the machine are not ours.
        ours = [line for line in result.stderr.splitlines() if "hss-gateway" in line]
        assert result.returncode == 0 and ours == []

    def test_exposure_is_below_two(self, analyze, deploy, tmp_path):
        units = self.units(deploy, tmp_path)
        command = [analyze, "security", "--offline=true", "--threshold=20", "--no-pager", units[0]]
        result = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if "unrecognized option" in result.stderr:
            pytest.skip("this systemd can't judge a unit offline")
        assert result.returncode == 0, result.stdout[-500:]

    def test_secrets_stay_out_of_dumps_and_reports(self, deploy):
        lines = (deploy / "systemd/hss-gateway.service").read_text().splitlines()
        assert "LimitCORE=0" in lines and "Environment=SWIFT_BACKTRACE=enable=no" in lines

    def test_a_unit_that_fails_again_and_again_or_grows_is_stopped(self, deploy):
        lines = (deploy / "systemd/hss-gateway.service").read_text().splitlines()
        names = {line.partition("=")[0] for line in lines}
        assert {"StartLimitIntervalSec", "StartLimitBurst", "MemoryMax", "TasksMax", "IPAddressDeny"} <= names

    def test_the_bodies_slow_readers_and_connections_of_all_callers_fit_into_the_unit(self, deploy):
        """By the rules of docs/sizing.md, for the limits that hold unless they are set."""
        assert "limits" not in yaml.safe_load((deploy / "systemd/config.yaml").read_text())
        table = (deploy.parent / "docs/configuration.md").read_text().partition("## `limits`")[2]
        bodies, in_flight, connections = (
            int(re.search(rf"^\| `{name}` \| `(\d+)(?:MiB)?` \|", table, re.MULTILINE)[1]) for name in ("bodies", "in_flight", "connections"))
        most = int(re.search(r"^MemoryMax=(\d+)G$", (deploy / "systemd/hss-gateway.service").read_text(), re.MULTILINE)[1]) << 10
        assert 100 + bodies + 0.18 * in_flight + (40 + 47) / 1024 * connections < most

    def test_configuration_fits_the_units(self, deploy):
        configuration = yaml.safe_load((deploy / "systemd/config.yaml").read_text())
        socket = (deploy / "systemd/hss-gateway.socket").read_text()
        listener = configuration["listeners"][0]
        assert f"FileDescriptorName={listener['name']}" in socket and f"ListenStream={listener['address']}" in socket
        service = (deploy / "systemd/hss-gateway.service").read_text()
        for name in ("access_key_file", "secret_key_file"):
            file = configuration["credentials"][0][name]
            assert file.startswith("/run/credentials/hss-gateway.service/")
            assert f"LoadCredential={file.rpartition('/')[2]}:" in service
