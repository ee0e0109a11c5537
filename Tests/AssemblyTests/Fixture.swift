import Credentials
import Foundation
import Settings

@testable import Assembly

/// Settings as the program reads them, from a text.
enum Fixture {
    static func settings(_ text: String, environment: [String: String] = [:]) throws -> GatewaySettings {
        try SettingsLoader.gateway.load(
            SettingsSources(file: SettingsFile(path: "/etc/gw/config.yaml", text: text), environment: environment, workingDirectory: "/srv")
        )
    }

    /// What credentials are made of besides settings; nobody answers where IAM would be.
    static func surroundings(_ secrets: [String: String] = [:], environment: [String: String] = [:]) -> CredentialSurroundings {
        CredentialSurroundings(secrets: secrets, environment: environment, exchange: NoIAMService(), clock: ClockOffset())
    }

    private struct NoIAMService: IAMExchange {
        func send(_ request: IAMRequest) async throws(IAMExchangeFault) -> IAMResponse { throw .unreachable }
    }

    /// Two projects with one credential; what a test adds stands behind it.
    static let projects = """
        credentials:
          - { name: keys, type: token, token_file: /run/token }
        projects:
          - { name: north, id: n1, region: cn-north-4, credential: keys, enterprise_project_id: "7" }
          - { name: south, id: s1, region: cn-north-1, credential: keys }

        """
}

/// A folder of a test's own, gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "command-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Makes a file and says where.
    func file(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        return "\(path)/\(name)"
    }
}
