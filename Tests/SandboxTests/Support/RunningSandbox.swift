import Foundation
import Synchronization
import Testing

@testable import Sandbox

/// A sandbox on real sockets, with a clock that only the test moves.
struct RunningSandbox {
    static let project = "0123456789abcdef0123456789abcdef"
    static let otherEnterpriseProject = "11111111-2222-3333-4444-555555555555"
    /// 2026-11-23T08:15:30Z, the date of the signature vectors.
    static let moment = Duration.seconds(1_795_421_730)

    let sandbox: CloudSandbox
    let hssPort: Int
    let iamPort: Int

    static var account: SandboxAccount {
        var account = SandboxAccount(
            accessKey: SignatureVector.accessKey, secretKey: SignatureVector.secretKey,
            project: SandboxProject(id: project, region: "cn-north-4"))
        account.enterpriseProjects = ["0", otherEnterpriseProject]
        return account
    }

    /// The usual configuration with changes.
    static func configured(_ change: (inout SandboxConfiguration) -> Void) -> SandboxConfiguration {
        var configuration = SandboxConfiguration(accounts: [account])
        configuration.clock = { moment }
        change(&configuration)
        return configuration
    }

    /// Starts a sandbox, runs the test's body and stops it again.
    static func with(
        _ configuration: SandboxConfiguration = configured { _ in }, _ body: (RunningSandbox) async throws -> Void
    ) async throws {
        let sandbox = CloudSandbox(configuration: configuration)
        try await sandbox.start()
        let running = RunningSandbox(
            sandbox: sandbox, hssPort: try #require(sandbox.hssAddress).port, iamPort: try #require(sandbox.iamAddress).port)
        do {
            try await body(running)
        } catch {
            await sandbox.stop()
            throw error
        }
        await sandbox.stop()
    }

    /// The bytes of a request.
    static func bytes(_ method: String, _ target: String, _ headers: [(String, String)], _ body: String = "") -> [UInt8] {
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.0.lowercased() == "host" }) { text += "Host: hss.sandbox.test:8443\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
        return Array((text + "\r\n" + body).utf8)
    }

    /// Sends one request on a connection of its own.
    func send(_ port: Int, _ bytes: [UInt8], isHead: Bool = false) throws -> RawResponse {
        let connection = try RawConnection(port: port)
        connection.send(bytes)
        return try #require(RawResponse(from: connection, isHead: isHead))
    }

    /// Sends a request to IAM, STS, the metadata service or the controls.
    @discardableResult
    func iam(_ method: String, _ target: String, _ body: String = "", headers: [(String, String)] = []) throws -> RawResponse {
        try send(iamPort, Self.bytes(method, target, headers, body), isHead: method == "HEAD")
    }

    /// A token with the scope of the project.
    func token(scope: String = #"{"project":{"name":"cn-north-4"}}"#) throws -> String {
        let user = #"{"name":"sandbox-user","password":"sandbox-password","domain":{"name":"sandbox-domain"}}"#
        let identity = #"{"methods":["password"],"password":{"user":\#(user)}}"#
        let response = try iam("POST", "/v3/auth/tokens", #"{"auth":{"identity":\#(identity),"scope":\#(scope)}}"#)
        return try #require(response.header("X-Subject-Token"))
    }

    /// Sends a request to HSS with a token; the path is the part after the project.
    func hss(_ method: String, _ path: String, _ body: String = "", token: String) throws -> RawResponse {
        let target = "/v5/\(Self.project)\(path)"
        return try send(
            hssPort, Self.bytes(method, target, [("X-Auth-Token", token), ("Content-Type", "application/json")], body),
            isHead: method == "HEAD")
    }

    /// Sends a signed request of the vectors.
    func send(_ vector: SignatureVector) throws -> RawResponse {
        try send(hssPort, Self.bytes(vector.method, vector.target, vector.headers, vector.body))
    }
}

/// A clock that tests move by hand.
final class HandClock: Sendable {
    private let time = Mutex(RunningSandbox.moment)
    var now: Duration { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}
