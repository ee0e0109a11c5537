import Foundation
import Testing

@testable import Audit

/// The running journal's behaviour when its disk fails, or its files are changed from outside.
@Suite(.serialized) struct HealingTests {
    static func healed(_ records: [[String: Any]]) throws -> [String: Any] {
        let event = try #require(records.first { $0["event"] as? String == "journal_healed" })
        return try #require(event["detail"] as? [String: Any])
    }

    static func expectWhole(_ directory: TemporaryDirectory, _ journal: Journal) throws -> [[String: Any]] {
        let records = try directory.records()
        #expect(records.map { $0["seq"] as? Int } == Array(0..<records.count))
        #expect(try MerkleReference.head(of: directory) == journal.treeHead.text)
        return records
    }

    static let intrusions: [(String, String, @Sendable (String, TemporaryDirectory) throws -> Void)] = [
        ("deleted", "segment_deleted", { file, _ in try FileManager.default.removeItem(atPath: file) }),
        ("renamed", "segment_renamed", { file, _ in try FileManager.default.moveItem(atPath: file, toPath: file + ".1") }),
        (
            "replaced", "segment_replaced",
            { file, _ in
                try FileManager.default.moveItem(atPath: file, toPath: file + ".1")
                try Data("other".utf8).write(to: URL(fileURLWithPath: file))
            }
        ),
        (
            "extended", "segment_extended",
            { file, _ in
                let handle = try #require(FileHandle(forWritingAtPath: file))
                try handle.seekToEnd()
                try handle.write(contentsOf: Data("{\"forged\":1}\n".utf8))
                try handle.close()
            }
        ),
        ("directory deleted", "segment_deleted", { _, directory in try FileManager.default.removeItem(atPath: directory.journal) }),
        (
            "directory moved", "segment_renamed",
            { _, directory in try FileManager.default.moveItem(atPath: directory.journal, toPath: directory.path + "/moved") }
        ),
    ]

    @Test(arguments: intrusions)
    func `notices within one batch what somebody did to the file, restores it and goes on`(
        name: String, reason: String, intrude: @Sendable (String, TemporaryDirectory) throws -> Void
    ) throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory))
        let probe = ProgressProbe(journal)
        for _ in 0..<5 { try journal.appendDurably(journal.record(.response), probe) }
        try intrude(directory.file(RecoveryTests.first).path, directory)
        try journal.appendDurably(journal.record(.request), probe)
        #expect(journal.counters.writeErrors == 1)
        let id = journal.record(.response)
        try journal.appendDurably(id, probe)
        #expect(journal.isHealthy && journal.state == .healthy)
        journal.close()
        let records = try Self.expectWhole(directory, journal)
        let detail = try Self.healed(records)
        #expect(detail["reason"] as? String == reason)
        #expect(detail["lost_from"] == nil)
        #expect(records.count == 8)
    }

    @Test func `says which durable records are lost when the file was truncated`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory))
        let probe = ProgressProbe(journal)
        for _ in 0..<5 { try journal.appendDurably(journal.record(.response), probe) }
        let file = directory.file(RecoveryTests.first)
        let length = try Data(contentsOf: file).split(separator: 0x0A).prefix(2).map(\.count).reduce(0, +) + 10
        #expect(truncate(file.path, length) == 0)
        try journal.appendDurably(journal.record(.response), probe)
        try journal.appendDurably(journal.record(.response), probe)
        journal.close()
        let records = try directory.records()
        let detail = try Self.healed(records)
        #expect(detail["reason"] as? String == "segment_truncated")
        #expect(detail["lost_from"] as? Int == 2 && detail["lost_to"] as? Int == 4)
        #expect(records.map { $0["seq"] as? Int } == [0, 1, 5, 6, 7])
        #expect(journal.treeHead.size == 8)
        // The next start knows the tree although lines are gone, since the cache was written at the healing.
        let reopened = try Journal.open(configuration(directory))
        #expect(reopened.treeHead == journal.treeHead)
        reopened.close()
    }

    /// A file system of 256 KiB with the journal's directory on it.
    final class SmallDisk {
        let directory: TemporaryDirectory

        init?() throws {
            directory = try TemporaryDirectory()
            guard try run("mount", ["-t", "tmpfs", "-o", "size=256k", "none", directory.path]).status == 0 else { return nil }
        }

        deinit {
            _ = try? run("umount", ["-l", directory.path])
        }

        /// Fills the whole disk.
        func fill() throws {
            _ = FileManager.default.createFile(atPath: directory.path + "/filler", contents: nil)
            let handle = try #require(FileHandle(forWritingAtPath: directory.path + "/filler"))
            let page = Data(repeating: 0, count: 4_096)
            while (try? handle.write(contentsOf: page)) != nil {}
            try handle.close()
        }

        func free() throws {
            try FileManager.default.removeItem(atPath: directory.path + "/filler")
        }
    }

    static let canMount = (try? SmallDisk()) != nil

    @Test(.enabled(if: canMount, "needs the right to mount a tmpfs"))
    func `refuses requests while the disk is full, keeps what must be kept, and goes on when there is room`() throws {
        guard let disk = try SmallDisk() else { return }
        let journal = try Journal.open(configuration(disk.directory))
        let probe = ProgressProbe(journal)
        let request = journal.record(.request)
        try journal.appendDurably(request, probe)
        try disk.fill()
        // Fill the rest of the page the segment ends in.
        while journal.isHealthy {
            _ = try journal.append(journal.record(.response))
            try? journal.write()
        }
        #expect(probe.waitForFailure())
        #expect(throws: JournalError.self) { try journal.append(journal.record(.request)) }
        #expect(throws: JournalError.self) { try journal.requestSync(upTo: SequenceNumber(1_000)) }
        guard case .failing(_, .writeFailed(_, ENOSPC)) = journal.state else {
            Issue.record("\(journal.state)")
            return
        }
        let end = try journal.append(journal.record(.response, id: request.id)).advanced(by: 1)
        try disk.free()
        #expect(probe.waitUntilDurable(end))
        try journal.appendDurably(journal.record(.request), probe)
        #expect(journal.isHealthy)
        journal.close()
        let records = try Self.expectWhole(disk.directory, journal)
        #expect(try Self.healed(records)["errno"] as? Int == Int(ENOSPC))
        #expect(journal.counters.dropped == 0)
    }

    @Test(.enabled(if: canMount, "needs the right to mount a tmpfs"))
    func `drops past its bound what it cannot keep, counts it, and says so when it can`() throws {
        guard let disk = try SmallDisk() else { return }
        let journal = try Journal.open(configuration(disk.directory) { $0.pendingLimit = 60_000 })
        let probe = ProgressProbe(journal)
        try disk.fill()
        var dropped = 0
        while dropped < 3 {
            do throws(JournalError) {
                _ = try journal.append(journal.record(.refusal))
                try? journal.write()
            } catch {
                guard case .pendingLimitReached = error else { throw error }
                dropped += 1
            }
        }
        // Refusals leave space for the closing records of exchanges.
        let end = try journal.append(journal.record(.response)).advanced(by: 1)
        #expect(journal.counters.dropped == 3)
        try disk.free()
        #expect(probe.waitUntilDurable(end))
        #expect(probe.waitUntilDurable(end.advanced(by: 2)))
        journal.close()
        let records = try Self.expectWhole(disk.directory, journal)
        let event = try #require(records.first { $0["event"] as? String == "records_dropped" })
        #expect(event["detail"] as? [String: Int] == ["count": 3])
    }

    static let canTrace = (try? run("strace", ["true"]).status) == 0

    /// Traces this process with strace, and makes the next `fdatasync` of the journal's first segment fail.
    final class FailingSync {
        private let process = Process()
        private let log: String

        init(_ directory: TemporaryDirectory) throws {
            log = directory.path + "/trace"
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            // A child inherits the signal mask of the test's thread, and strace could never be interrupted: the mask is emptied first.
            let unmask = "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execvp(sys.argv[1], sys.argv[1:])"
            process.arguments = [
                "python3", "-c", unmask, "strace", "-f", "-y", "-o", log, "-p", String(getpid()), "-P",
                directory.file(RecoveryTests.first).path,
                "-e", "trace=fdatasync,fsync,write", "-e", "inject=fdatasync:error=EIO:when=1",
            ]
            let pipe = Pipe()
            process.standardError = pipe
            try process.run()
            // It prints "Process N attached" once for each thread; the first line comes after all of them are
            // stopped.
            _ = pipe.fileHandleForReading.availableData
        }

        /// Ends the tracing and returns its calls.
        func finish() throws -> [Substring] {
            process.interrupt()
            process.waitUntilExit()
            return try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").filter { $0.contains("journal-") }
        }
    }

    @Test(.enabled(if: canTrace, "needs strace and the right to trace"))
    func `never syncs a segment again whose sync failed`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory))
        let probe = ProgressProbe(journal)
        try journal.appendDurably(journal.record(.response), probe)
        let trace = try FailingSync(directory)
        try journal.appendDurably(journal.record(.request), probe)
        try journal.appendDurably(journal.record(.response), probe)
        let calls = try trace.finish()
        journal.close()
        let failed = try #require(calls.firstIndex { $0.contains("fdatasync(") && $0.contains("EIO") })
        #expect(!calls[(failed + 1)...].contains { $0.contains("sync(") || $0.contains("write(") }, "\(calls)")
        let records = try Self.expectWhole(directory, journal)
        let detail = try Self.healed(records)
        #expect(detail["reason"] as? String == "sync_failed" && detail["errno"] as? Int == Int(EIO))
        #expect(detail["rewritten"] as? Int == 1)
        #expect(try directory.segments() == [RecoveryTests.first, "journal-00000000000000000001.jsonl"])
    }
}
