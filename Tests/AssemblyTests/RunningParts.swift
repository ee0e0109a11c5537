import Audit
import Credentials
import Foundation
import Gateway
import Logging
import Settings
import Synchronization
import Transport

@testable import Assembly

/// The parts of a gateway as its process assembles them, without a port: real settings, a real journal, real workers.
final class RunningParts: Sendable {
    let folder: TemporaryFolder
    let journal: Journal
    let dataPort: DataPort
    let inForce: ConfigurationInForce
    let reloader: Reloader
    let events: GatewayEvents
    private let identity: IAMTransport
    private let open: DataPort.OpenListeners
    private let sources: Sources
    private let isDrained = Mutex(false)

    /// What a reload reads.
    private final class Sources: Sendable {
        /// Nil while they are unreadable.
        let text: Mutex<String?>

        init(_ text: String) {
            self.text = Mutex(text)
        }
    }

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static let policy = "policy: [{ name: first, callers: [\"*\"], action: allow }]\n"

    static func settings(_ text: String, in folder: String) throws(Failure) -> GatewaySettings {
        let start = """
            credentials: [{ name: keys, type: token, token_file: \(folder)/token }]
            projects: [{ name: north, id: n1, region: cn-north-4, credential: keys }]
            admin: { address: "127.0.0.1:0" }
            audit: { directory: \(folder)/audit }
            caller_keys: { store_file: \(folder)/keys, master_key_file: \(folder)/master }

            """
        do throws(SettingsProblems) {
            return try SettingsLoader.gateway.load(
                SettingsSources(file: SettingsFile(path: "\(folder)/config.yaml", text: start + text), environment: [:], workingDirectory: folder))
        } catch {
            throw Failure(.badConfiguration, SettingsReport.text(error.problems))
        }
    }

    init(_ text: String = RunningParts.policy) async throws {
        folder = try TemporaryFolder()
        _ = try folder.file("token", "a-token-of-the-tests")
        let (sources, place) = (Sources(text), folder.path)
        self.sources = sources
        let source = ConfigurationSource(file: nil) { () throws(Failure) in
            guard let text = sources.text.withLock({ $0 }) else { throw Failure(.badConfiguration, "the file is gone") }
            return try RunningParts.settings(text, in: place)
        }
        let settings = try source.load()
        let upstream = try TransportAssembly.configuration(settings, environment: [:])
        identity = IAMTransport(upstream: upstream, userAgent: "test")
        let surroundings = CredentialSurroundings(exchange: identity, clock: ClockOffset())
        let first = try RunningConfiguration(settings, source: source, surroundings, generation: 1)
        journal = try Journal.open(JournalConfiguration(directory: settings.audit.directory, gateway: first.gateway))
        events = GatewayEvents(journal: journal)
        dataPort = try await DataPort(
            services: Services(journal: journal, workerCount: 2, version: "0"), snapshot: first.snapshot, logger: Self.silent)
        open = try await dataPort.open([])
        inForce = ConfigurationInForce(first)
        reloader = Reloader(
            source: source, surroundings: surroundings, identity: identity, inForce: inForce, dataPort: dataPort, events: events, logger: Self.silent)
    }

    /// Sets the content of the sources; nil makes them unreadable.
    func say(_ text: String?) {
        sources.text.withLock { $0 = text }
    }

    /// The journal's events with a name, as lines.
    func recorded(_ event: String) throws -> [String] {
        let directory = "\(folder.path)/audit"
        let files = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasPrefix("journal-") }.sorted()
        let lines = try files.flatMap { try String(contentsOfFile: "\(directory)/\($0)", encoding: .utf8).split(separator: "\n").map(String.init) }
        return lines.filter { $0.contains("\"event\":\"\(event)\"") }
    }

    /// Ends the workers, as the first step of a stop. They can end only once.
    func drain() async {
        let isFirst = isDrained.withLock { isDrained in
            defer { isDrained = true }
            return !isDrained
        }
        guard isFirst else { return }
        await dataPort.drain(open)
    }

    func stop() async {
        await drain()
        await identity.stop()
        journal.close()
    }
}

/// Runs a test with these parts and always stops them.
func withRunningParts(_ text: String = RunningParts.policy, _ body: (RunningParts) async throws -> Void) async throws {
    let parts = try await RunningParts(text)
    do {
        try await body(parts)
    } catch {
        await parts.stop()
        throw error
    }
    await parts.stop()
}
