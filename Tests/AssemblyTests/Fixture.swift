import Credentials
import Foundation
import Settings

@testable import Assembly

/// Parses settings from a text, like the program does.
enum Fixture {
    static func settings(_ text: String, environment: [String: String] = [:]) throws -> GatewaySettings {
        try SettingsLoader.gateway.load(
            SettingsSources(file: SettingsFile(path: "/etc/gw/config.yaml", text: text), environment: environment, workingDirectory: "/srv")
        )
    }

    /// What credentials need besides settings; IAM never answers.
    static func surroundings(_ secrets: [String: String] = [:], environment: [String: String] = [:]) -> CredentialSurroundings {
        CredentialSurroundings(secrets: secrets, environment: environment, exchange: NoIAMExchange(), clock: ClockOffset())
    }

    /// Two projects with one credential; tests append to it.
    static let projects = """
        credentials:
          - { name: keys, type: token, token_file: /run/token }
        projects:
          - { name: north, id: n1, region: cn-north-4, credential: keys, enterprise_project_id: "7" }
          - { name: south, id: s1, region: cn-north-1, credential: keys }

        """
}

/// A test's own folder, removed with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "command-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Creates a file and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        return "\(path)/\(name)"
    }
}
