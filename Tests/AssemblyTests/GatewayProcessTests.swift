import Foundation
import Testing

@testable import Assembly

/// Signals end a process, so each test has one of its own.
@Suite(.timeLimit(.minutes(10))) struct GatewayProcessTests {
    private static func start(in folder: TemporaryFolder, _ text: String = "") throws -> GatewayProcess {
        let token = try folder.file("token", "a-token-of-the-tests")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token)
        let text = "listeners: [{ name: internal, address: \"127.0.0.1:0\" }]\n" + RunningParts.policy + text
        let source = ConfigurationSource(file: nil) { [path = folder.path] () throws(Failure) in try RunningParts.settings(text, in: path) }
        return try GatewayProcess(
            source: source, settings: try source.load(), readyFile: try ReadyFile(at: "\(folder.path)/ready"), logger: RunningParts.silent)
    }

    @Test func `runs from its start to its stop, and both stand in the journal`() async throws {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let process = try Self.start(in: folder)
            async let run: Void = process.run(beside: [])
            while access("\(folder.path)/ready", F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
            let ready = try String(contentsOfFile: "\(folder.path)/ready", encoding: .utf8)
            precondition(ready.contains("data=127.0.0.1:") && ready.contains("admin=127.0.0.1:"))
            kill(getpid(), SIGTERM)
            try await run
            let audit = "\(folder.path)/audit"
            let names = try FileManager.default.contentsOfDirectory(atPath: audit).filter { $0.hasPrefix("journal-") }
            let journal = try names.map { try String(contentsOfFile: "\(audit)/\($0)", encoding: .utf8) }.joined()
            precondition(journal.contains("\"event\":\"start\"") && journal.contains("\"event\":\"stop\""))
        }
    }

    @Test func `fails before it opens anything when a secret can't be read`() async throws {
        let folder = try TemporaryFolder()
        let source = ConfigurationSource(file: nil) { [path = folder.path] () throws(Failure) in try RunningParts.settings("", in: path) }
        let settings = try source.load()
        do throws(Failure) {
            _ = try GatewayProcess(source: source, settings: settings, readyFile: nil, logger: RunningParts.silent)
            Issue.record("it began without its secret")
        } catch {
            #expect(error.code == .badConfiguration)
            #expect(error.message.contains("keys"), "\(error.message)")
        }
        #expect(access("\(folder.path)/audit", F_OK) != 0, "no journal was begun")
    }
}
