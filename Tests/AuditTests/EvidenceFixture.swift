import Foundation
import Testing

@testable import Audit

/// A journal with a notary, for tests.
struct EvidenceFixture {
    let directory: TemporaryDirectory
    let key: CheckpointKey

    init() throws {
        directory = try TemporaryDirectory()
        key = try CheckpointKey.load(path: directory.path + "/key", instance: "gw 1")
    }

    var keys: [NoteVerifier] { get throws { try CheckpointKey.publicKeys(path: key.publicPath) } }

    /// Runs a journal, passes it to `body`, and closes it.
    func run(
        _ change: (inout NotaryConfiguration) -> Void = { _ in }, rotateSize: Int = 8_000,
        _ body: (Journal, Notary, ProgressProbe) throws -> Void = { _, _, _ in }
    ) throws {
        var notarization = NotaryConfiguration()
        notarization.every = 5
        // Long: only the test itself triggers a checkpoint.
        notarization.interval = .seconds(3_600)
        notarization.compresses = false
        change(&notarization)
        let journal = try Journal.open(configuration(directory) { $0.rotateSize = rotateSize })
        let notary = try Notary.start(journal, key: CheckpointKey.load(path: key.path, instance: ""), notarization)
        defer { journal.close() }
        try body(journal, notary, ProgressProbe(journal))
    }

    /// A journal of `count` records in several segments, signed up to its end.
    func fill(_ count: Int, _ change: (inout NotaryConfiguration) -> Void = { _ in }) throws {
        try run(change) { journal, _, probe in
            for number in 0..<count { try journal.appendDurably(journal.record(.response, path: "/v5/p/\(number)"), probe) }
        }
    }

    func verify(_ keys: [NoteVerifier]? = nil, elsewhere: [(file: String, content: String)] = []) throws -> VerificationReport {
        var verifier = JournalVerifier(directory: directory.journal, keys: try keys ?? self.keys, elsewhere: elsewhere)
        return try verifier.verify()
    }

    /// Changes the lines of the segment with a record; `edit` gets its lines and the record's index in them.
    func edit(_ number: Int, _ edit: (inout [String], Int) -> Void) throws {
        let segments = try directory.segments()
        let name = try #require(segments.last { Int($0.dropFirst(8).prefix(20)) ?? .max <= number })
        let first = try #require(Int(name.dropFirst(8).prefix(20)))
        var lines = try String(contentsOf: directory.file(name), encoding: .utf8).split(separator: "\n").map(String.init)
        edit(&lines, number - first)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: directory.file(name))
    }

    /// A record in the middle of a middle segment that is not an event, like its neighbours, and with which no
    /// checkpoint ends.
    func target() throws -> Int {
        let records = try directory.records()
        let signed = Set(try checkpointFiles().compactMap { Int($0) })
        return try #require(
            records.indices.first { index in
                index > 8 && !signed.contains(index) && !signed.contains(index + 1)
                    && records[max(index - 2, 0)..<min(index + 4, records.count)].allSatisfy { $0["phase"] as? String == "response" }
            })
    }

    func removeHashes() throws {
        try FileManager.default.removeItem(atPath: directory.journal + "/tree")
    }

    func checkpointFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.journal + "/checkpoints").sorted()
    }
}

/// Puts another number into a record's line.
func renumbered(_ line: String, _ number: Int) -> String {
    line.replacing(/"seq":[0-9]+/, with: "\"seq\":\(number)", maxReplacements: 1)
}

/// An anchor that the test controls.
final class TestAnchor: CheckpointAnchor, @unchecked Sendable {
    // Everything below is accessed with the condition locked.
    private let condition = NSCondition()
    private var published: [SignedCheckpoint] = []
    private var attempts = 0
    private var isBroken = false

    let name = "test"

    func publish(_ checkpoint: SignedCheckpoint) throws(CheckpointAnchorFailure) {
        let isBroken = condition.withLock {
            attempts += 1
            if !self.isBroken { published.append(checkpoint) }
            condition.broadcast()
            return self.isBroken
        }
        if isBroken { throw CheckpointAnchorFailure("out of order") }
    }

    var checkpoints: [SignedCheckpoint] { condition.withLock { published } }

    func setBroken(_ value: Bool) { condition.withLock { isBroken = value } }

    func wait(_ isDone: (_ attempts: Int, _ published: [SignedCheckpoint]) -> Bool) -> Bool {
        let deadline = Date(timeIntervalSinceNow: 30)
        return condition.withLock {
            while !isDone(attempts, published) {
                if !condition.wait(until: deadline) { return false }
            }
            return true
        }
    }
}
