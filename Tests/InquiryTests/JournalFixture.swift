import Audit
import Foundation

@testable import Inquiry

/// A test's own journal, written by the journal's code.
final class JournalFixture: Sendable {
    let path: String
    /// 2026-11-01T00:00:00Z.
    static let start = Timestamp(microseconds: 1_793_491_200_000_000)

    init() throws {
        path = NSTemporaryDirectory() + "inquiry-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var archive: RecordArchive { RecordArchive(directory: path) }

    /// Appends records in one run of the gateway.
    func write(rotateSize: Int = 256 << 20, _ records: [Record]) throws {
        var configuration = JournalConfiguration(
            directory: path, gateway: Record.Gateway(instance: "gw-1", version: "0.1.0", configSHA256: "c0ffee"))
        configuration.rotateSize = rotateSize
        let journal = try Journal.open(configuration)
        let synced = DispatchSemaphore(value: 0)
        journal.subscribe { _ in synced.signal() }
        for record in records {
            let end = try journal.append(record).advanced(by: 1)
            // Each in a batch of its own, so that segments end at the configured size.
            guard rotateSize < 1 << 20, try !journal.requestSync(upTo: end) else { continue }
            while journal.durable < end { synced.wait() }
        }
        journal.close()
    }

    var segments: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasPrefix("journal-") }.sorted() }
    }

    /// The journal's lines, read by independent code.
    var lines: [String] {
        get throws {
            try segments.flatMap { try String(contentsOfFile: path + "/" + $0, encoding: .utf8).split(separator: "\n").map(String.init) }
        }
    }

    func identifier(_ number: Int) -> RecordID {
        RecordID(high: UInt64(number) << 16 | 0x7000, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    /// A record with the members that the tests use.
    func record(
        _ number: Int, _ phase: Record.Phase = .response, caller: String = "team-a", operation: String = "ListVulnerabilities",
        kind: Record.Kind = .read, outcome: Record.Outcome = .success, _ change: (inout Record) -> Void = { _ in }
    ) -> Record {
        var record = Record(id: identifier(number), phase: phase, time: Timestamp(microseconds: Self.start.microseconds + Int64(number) * 1_000_000))
        record.requestID = "request-\(number)"
        record.caller = Record.Caller(name: caller, method: "cidr", address: "127.0.0.1")
        record.operation = operation
        record.kind = kind
        record.method = kind == .export ? "POST" : "GET"
        record.path = "/v5/p/\(operation)"
        record.project = Record.Project(name: "prod", id: "0123", region: "cn-north-4")
        record.credential = Record.Credential(name: "keys", type: "aksk", accessKeyTail: "ABCD")
        if phase != .request {
            record.outcome = outcome
            record.status = outcome == .success ? 200 : 403
            record.duration = .milliseconds(number)
        }
        if phase == .response {
            record.source = .upstream
            record.upstream = Record.Upstream(requestID: "hss-\(number)", attempts: 1)
        }
        change(&record)
        return record
    }
}
