/// Lists with content, for the operations that a new user tries first.
enum SampleData: Sendable, Equatable {
    case imageRiskConfigs
    case vulnerabilities
    case hosts

    /// The entries of the list, before paging.
    var entries: [JSONValue] {
        switch self {
        case .imageRiskConfigs: ["CIS_Docker", "SSH", "Linux_CIS"].enumerated().map { Self.riskConfig($0.offset, $0.element) }
        case .vulnerabilities: (1...4).map { Self.vulnerability(Int64($0)) }
        case .hosts: (1...3).map { Self.host(Int64($0)) }
        }
    }

    /// One page of the list: `offset` and `limit` as HSS documents them, 10 entries by default and 200 at most.
    func page(offset: Int, limit: Int) -> JSONValue {
        let entries = entries
        return ["total_num": .integer(Int64(entries.count)), "data_list": .array(Array(entries.dropFirst(offset).prefix(limit)))]
    }

    private static func riskConfig(_ index: Int, _ name: String) -> JSONValue {
        [
            "severity": .string(ExportFilter.severities[index + 1]), "check_name": .string(name), "check_type": .string(name),
            "standard": "hw_standard", "check_rule_num": .integer(Int64(17 + index)), "failed_rule_num": .integer(Int64(index)),
            "check_type_desc": .string("Checks of \(name)"),
        ]
    }

    private static func vulnerability(_ index: Int64) -> JSONValue {
        [
            "vul_id": .string("EulerOS-SA-2026-100\(index)"), "vul_name": .string("openssl security update \(index)"), "type": "linux_vul",
            "repair_necessity": "Critical", "severity_level": "High", "host_num": .integer(index), "unhandle_host_num": .integer(index),
            "scan_time": 1_795_420_000_000, "label_list": [], "cve_list": [["cve_id": .string("CVE-2026-000\(index)"), "cvss": 7]],
            "host_id_list": [], "enterprise_project_id": "0",
        ]
    }

    private static func host(_ index: Int64) -> JSONValue {
        [
            "host_id": .string("7d0c9a4e-1c1f-4d5b-8a55-00000000000\(index)"), "host_name": .string("ecs-sandbox-\(index)"),
            "agent_id": .string("c9bed5397db449ebdfba15e85fcfc36accee125c68954daf5cab0528bab5b0\(index)0"),
            "private_ip": .string("192.168.0.\(index)"), "agent_status": "online", "host_status": "ACTIVE",
            "version": "hss.version.premium",
            "protect_status": "opened", "os_type": "Linux", "os_name": "EulerOS", "enterprise_project_id": "0",
            "enterprise_project_name": "default", "asset_value": "common", "vulnerability": .integer(index), "baseline": 0, "intrusion": 0,
        ]
    }
}
