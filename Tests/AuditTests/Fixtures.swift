import Foundation
import Testing

@testable import Audit

/// 2026-01-31T23:59:59.000001Z.
let instant = Timestamp(microseconds: 1_769_903_999_000_001)

func configuration(_ directory: TemporaryDirectory, _ change: (inout JournalConfiguration) -> Void = { _ in }) -> JournalConfiguration {
    var configuration = JournalConfiguration(
        directory: directory.journal, gateway: Record.Gateway(instance: "gw-1", version: "0.1.0", configSHA256: "c0ffee"))
    configuration.healDelay = .milliseconds(5)
    configuration.healDelayLimit = .milliseconds(20)
    change(&configuration)
    return configuration
}

extension Journal {
    func record(_ phase: Record.Phase, id: RecordID? = nil, path: String = "/v5/p/image/baseline/export") -> Record {
        let now = Timestamp.now()
        var record = Record(id: id ?? identifiers.next(at: now), phase: phase, time: now)
        record.caller = Record.Caller(name: "image-team", method: "cidr", address: "127.0.0.1")
        record.operation = "BatchExportBaselineTask"
        record.path = path
        if phase == .response { record.outcome = .success }
        return record
    }

    /// Appends and waits until it is durable.
    func appendDurably(_ record: Record, _ probe: ProgressProbe) throws {
        let end = try append(record).advanced(by: 1)
        if try !requestSync(upTo: end) { #expect(probe.waitUntilDurable(end)) }
    }
}

/// Collects the journal's callbacks, and lets a test wait for them.
final class ProgressProbe: @unchecked Sendable {
    // Everything below is accessed with the condition locked.
    private let condition = NSCondition()
    private var durable: UInt64 = 0
    private var collected: [JournalProgress] = []
    /// So long that only a deadlock reaches it.
    private static let patience: TimeInterval = 30

    init(_ journal: Journal) {
        durable = journal.durable.value
        journal.subscribe { [weak self] in self?.note($0) }
    }

    var reports: [JournalProgress] { condition.withLock { collected } }

    private func note(_ progress: JournalProgress) {
        condition.withLock {
            collected.append(progress)
            if case .durable(let end) = progress { durable = max(durable, end.value) }
            condition.broadcast()
        }
    }

    func waitUntilDurable(_ end: SequenceNumber) -> Bool {
        wait { durable >= end.value }
    }

    func waitForFailure() -> Bool {
        wait {
            collected.contains { report in
                if case .failed = report { true } else { false }
            }
        }
    }

    private func wait(_ condition: () -> Bool) -> Bool {
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        return self.condition.withLock {
            while !condition() {
                if !self.condition.wait(until: deadline) { return false }
            }
            return true
        }
    }
}

/// Runs a program and returns its output.
func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}
