import Foundation
import Synchronization
import Testing

@testable import Audit

@Suite struct JournalTests {
    @Test func `numbers records without gaps under eight appenders, and its root is that of the file`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory))
        let each = 2_000
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            for number in 0..<each {
                _ = try? journal.append(journal.record(.response, path: "/\(worker)/\(number)"))
                if number % 10 == worker { try? journal.write() }
            }
        }
        journal.close()
        let records = try directory.records()
        #expect(records.map { $0["seq"] as? Int } == Array(0..<8 * each))
        // Records of one thread keep their order.
        for worker in 0..<8 {
            let own = records.compactMap { $0["path"] as? String }.filter { $0.hasPrefix("/\(worker)/") }
            #expect(own == (0..<each).map { "/\(worker)/\($0)" })
        }
        #expect(Set(records.compactMap { $0["id"] as? String }).count == 8 * each)
        #expect(try MerkleReference.head(of: directory) == journal.treeHead.text)
        #expect(journal.counters.records == 16_000 && journal.counters.dropped == 0)
    }

    @Test func `serves everyone who asked during a sync with the next one`() throws {
        let directory = try TemporaryDirectory()
        let (entered, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let syncs = Atomic<Int>(0)
        let journal = try Journal.open(
            configuration(directory) {
                $0.syncInterval = .seconds(3_600)
                $0.observeSync = { _ in
                    // The first sync is blocked here, in the writer's thread, until all waiters are
                    // registered.
                    if syncs.add(1, ordering: .relaxed).newValue == 1 {
                        entered.signal()
                        release.wait()
                    }
                }
            })
        let probe = ProgressProbe(journal)
        let first = try journal.append(journal.record(.request)).advanced(by: 1)
        #expect(try !journal.requestSync(upTo: first))
        entered.wait()
        DispatchQueue.concurrentPerform(iterations: 64) { _ in
            guard let end = try? journal.append(journal.record(.request)).advanced(by: 1) else { return }
            _ = try? journal.requestSync(upTo: end)
        }
        #expect(journal.durable.value == 0, "nothing is called durable before its sync has returned")
        release.signal()
        #expect(probe.waitUntilDurable(SequenceNumber(65)))
        #expect(syncs.load(ordering: .relaxed) == 2)
        #expect(probe.reports == [.durable(upTo: SequenceNumber(1)), .durable(upTo: SequenceNumber(65))])
        #expect(try journal.requestSync(upTo: SequenceNumber(65)))
        journal.close()
    }

    @Test func `hands records to the kernel on write, and makes them durable unasked`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory) { $0.syncInterval = .milliseconds(20) })
        let probe = ProgressProbe(journal)
        for _ in 0..<3 { _ = try journal.append(journal.record(.response)) }
        try journal.write()
        #expect(try directory.lines().count == 3)
        #expect(probe.waitUntilDurable(SequenceNumber(3)))
        let last = try journal.append(journal.record(.response)).advanced(by: 1)
        #expect(probe.waitUntilDurable(last), "also when nobody calls write")
        journal.close()
    }

    @Test func `keeps its directory and files to itself`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory))
        let attributes = FileManager.default
        #expect(try attributes.attributesOfItem(atPath: directory.journal)[.posixPermissions] as? Int == 0o700)
        #expect(try directory.segments() == ["journal-00000000000000000000.jsonl"])
        let file = directory.file("journal-00000000000000000000.jsonl").path
        #expect(try attributes.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        #expect(throws: JournalError.directoryInUse(path: directory.journal)) { try Journal.open(configuration(directory)) }
        journal.close()
        try Journal.open(configuration(directory)).close()
    }

    /// As root this could make /tmp unusable for all users.
    @Test(arguments: [(nil, 0o700), ("lost+found", 0o700), ("somebody's", 0o755)] as [(String?, Int)])
    func `makes an existing directory its own only where nobody else has something in it`(_ name: String?, _ mode: Int) throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: directory.journal, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        if let name { try FileManager.default.createDirectory(atPath: "\(directory.journal)/\(name)", withIntermediateDirectories: false) }
        for _ in 0..<2 {
            try Journal.open(configuration(directory)).close()
            #expect(try FileManager.default.attributesOfItem(atPath: directory.journal)[.posixPermissions] as? Int == mode)
        }
    }

    @Test func `refuses to open where it cannot write`() throws {
        let directory = try TemporaryDirectory()
        let missing = JournalConfiguration(directory: directory.path + "/no/audit", gateway: RecordEncoderTests.gateway)
        #expect(throws: JournalError.directoryUnusable(path: missing.directory, code: ENOENT)) { try Journal.open(missing) }
        try Data().write(to: URL(fileURLWithPath: directory.journal))
        #expect(throws: JournalError.directoryUnusable(path: directory.journal, code: ENOTDIR)) {
            try Journal.open(configuration(directory))
        }
    }

    @Test func `refuses records after it was closed`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory))
        _ = try journal.append(journal.record(.response))
        journal.close()
        journal.close()
        #expect(throws: JournalError.closed) { try journal.append(journal.record(.response)) }
        #expect(journal.state == .closed && !journal.isHealthy)
        #expect(try directory.records().count == 1)
    }

    @Test func `starts a new segment by size, and the tree goes on over it`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory) { $0.rotateSize = 2_000 })
        let probe = ProgressProbe(journal)
        for _ in 0..<30 { try journal.appendDurably(journal.record(.response), probe) }
        journal.close()
        let segments = try directory.segments()
        #expect(segments.count > 3)
        let records = try directory.records()
        #expect(records.map { $0["seq"] as? Int } == Array(0..<records.count))
        let rotations = records.filter { $0["event"] as? String == "rotation" }
        #expect(rotations.count == segments.count - 1)
        #expect(try MerkleReference.head(of: directory) == journal.treeHead.text)
        let reopened = try Journal.open(configuration(directory))
        #expect(reopened.treeHead == journal.treeHead)
        reopened.close()
    }

    @Test func `starts a new segment by the age of its first record, across restarts`() throws {
        let directory = try TemporaryDirectory()
        let clock = Mutex(instant)
        let settings = configuration(directory) {
            $0.rotateAge = .seconds(60)
            $0.now = { clock.withLock { $0 } }
        }
        var journal = try Journal.open(settings)
        var record = journal.record(.response)
        record.time = instant
        try journal.appendDurably(record, ProgressProbe(journal))
        journal.close()
        clock.withLock { $0 = Timestamp(microseconds: instant.microseconds + 59_000_000) }
        journal = try Journal.open(settings)
        try journal.appendDurably(record, ProgressProbe(journal))
        #expect(try directory.segments().count == 1)
        clock.withLock { $0 = Timestamp(microseconds: instant.microseconds + 60_000_000) }
        try journal.appendDurably(record, ProgressProbe(journal))
        journal.close()
        #expect(try directory.segments().last == "journal-00000000000000000003.jsonl")
    }

    @Test func `changes the name tag of records to come`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory))
        _ = try journal.append(journal.record(.response))
        journal.setGateway(Record.Gateway(instance: "gw-1", version: "0.1.0", configSHA256: "beef"))
        _ = try journal.append(journal.record(.response))
        journal.close()
        #expect(try directory.records().map { ($0["gateway"] as? [String: String])?["config_sha256"] } == ["c0ffee", "beef"])
    }
}
