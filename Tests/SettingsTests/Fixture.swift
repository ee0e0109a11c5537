@testable import Settings

/// Shortcuts for loading settings, with a vocabulary of a few operations and regions.
enum Fixture {
    static let vocabulary = Vocabulary(
        operations: ["BatchExportBaselineTask", "ExportTask", "ListDownloadExportedFile", "ListHosts", "ShowExportTask"],
        endpoints: [
            "cn-north-4": inPublicCloud("cn-north-4"), "cn-north-1": inPublicCloud("cn-north-1"), "ap-southeast-1": inPublicCloud("ap-southeast-1"),
            // A separate cloud whose STS is unknown, and a region that has only identity services.
            "eu-west-101": .init(hss: "https://hss.eu-west-101.cloud.eu", iam: "https://iam.eu-west-101.cloud.eu", sts: nil),
            "eu-west-0": .init(hss: nil, iam: "https://iam.eu-west-0.cloud.com", sts: "https://sts.cloud.com"),
        ])

    private static func inPublicCloud(_ id: String) -> Vocabulary.Endpoints {
        .init(hss: "https://hss.\(id).cloud.com", iam: "https://iam.\(id).cloud.com", sts: "https://sts.cloud.com")
    }

    static func sources(_ yaml: String?, _ environment: [String: String] = [:]) -> SettingsSources {
        let file = yaml.map { SettingsFile(path: "/etc/gw/config.yaml", text: $0) }
        return SettingsSources(file: file, environment: environment, workingDirectory: "/home/op")
    }

    static func load(_ yaml: String?, _ environment: [String: String] = [:]) throws -> GatewaySettings {
        try load(sources(yaml, environment))
    }

    static func load(_ sources: SettingsSources) throws -> GatewaySettings {
        try SettingsLoader(vocabulary: vocabulary).load(sources)
    }

    /// The faults of form and content, in order; files are not checked.
    static func problems(_ yaml: String?, _ environment: [String: String] = [:]) -> [SettingsProblem] {
        problems(sources(yaml, environment))
    }

    static func problems(_ sources: SettingsSources) -> [SettingsProblem] {
        do {
            _ = try SettingsLoader(vocabulary: vocabulary).load(sources)
            return []
        } catch {
            return error.problems
        }
    }

    /// `line:column kind` of each problem, the short form for tables.
    static func places(_ problems: [SettingsProblem]) -> [String] {
        problems.map { problem in
            if case .file(let position) = problem.origin { return "\(position.line):\(position.column) \(problem.kind.rawValue)" }
            return "\(problem.origin) \(problem.kind.rawValue)"
        }
    }

    /// The smallest valid file.
    static let minimal = """
        credentials:
          - { name: keys, type: aksk, access_key_file: ak, secret_key_file: /run/sk }
        projects:
          - { name: north, id: 0123456789abcdef0123456789abcdef, region: cn-north-4, credential: keys }

        """
}
