import Foundation
import Synchronization
import Testing

@testable import Audit

/// The journal's notices for the operator's log, and the remaining knowledge about destroyed records.
@Suite(.timeLimit(.minutes(10))) struct JournalNoticeTests {
    /// Notices in the order of their arrival.
    private final class Log: Sendable {
        private let notices = Mutex<[JournalNotice]>([])
        func add(_ notice: JournalNotice) { notices.withLock { $0.append(notice) } }
        var events: [String] { notices.withLock { $0.map(\.event) } }
        func severity(of event: String) -> JournalNotice.Severity? { notices.withLock { $0.first { $0.event == event }?.severity } }
    }

    @Test func `tells when it fails and when it is healed, and that durable records were destroyed until somebody takes note`() throws {
        let (directory, log) = (try TemporaryDirectory(), Log())
        let journal = try Journal.open(configuration(directory) { $0.observe = { log.add($0) } })
        defer { journal.close() }
        let probe = ProgressProbe(journal)
        for _ in 0..<5 { try journal.appendDurably(journal.record(.response), probe) }
        let segment = directory.file(try #require(try directory.segments().last)).path
        try #require(truncate(segment, 100) == 0)
        let end = try journal.append(journal.record(.response)).advanced(by: 1)
        if try !journal.requestSync(upTo: end) { #expect(probe.waitUntilDurable(end)) }
        #expect(log.events.starts(with: ["journal_failing", "journal_healed"]))
        #expect(log.severity(of: "journal_failing") == .error && log.severity(of: "journal_healed") == .error)
        #expect(journal.isHealthy)
        #expect(journal.damage?.hasPrefix("durable records 0 to 4 were destroyed") == true)
        journal.acknowledgeDamage()
        #expect(journal.damage == nil)
    }

    @Test func `tells what a start found`() throws {
        let (directory, log) = (try TemporaryDirectory(), Log())
        let first = try Journal.open(configuration(directory))
        try first.appendDurably(first.record(.request), ProgressProbe(first))
        first.close()
        try FileManager.default.removeItem(at: directory.file(try #require(try directory.segments().last)))
        try Journal.open(configuration(directory) { $0.observe = { log.add($0) } }).close()
        #expect(log.events == ["records_missing"])
        #expect(log.severity(of: "records_missing") == .error)
    }

    @Test(arguments: [SegmentChange.deleted, .truncated, .extended, .replaced])
    func `notices once what somebody does to a closed segment, and nothing when it is compressed`(change: SegmentChange) throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(60)
        let directory = fixture.directory.journal
        let victim = try #require(try DirectoryListing.segments(under: directory).first)
        let path = fixture.directory.file(victim.text).path
        var watch = SegmentWatch()
        #expect(watch.look(try DirectoryListing.segments(under: directory), in: directory) == [])
        switch change {
        case .truncated: try #require(truncate(path, 10) == 0)
        case .extended: try #require(truncate(path, 1_000_000) == 0)
        case .replaced:
            let content = try Data(contentsOf: fixture.directory.file(victim.text))
            try #require(unlink(path) == 0)
            try content.write(to: fixture.directory.file("x"))
            try content.write(to: fixture.directory.file(victim.text))
        case .deleted, .renamed: try #require(unlink(path) == 0)
        }
        let names = try DirectoryListing.segments(under: directory)
        #expect(watch.look(names, in: directory) == [.init(segment: victim, change: change)])
        #expect(watch.look(names, in: directory) == [])
        let next = try #require(names.dropFirst().first)
        #expect(Compressor.compress(next, in: directory) { false } == nil)
        #expect(watch.look(try DirectoryListing.segments(under: directory), in: directory) == [])
    }

    @Test(arguments: [false, true])
    func `notices what somebody does to a segment before its compressed copy replaces it`(isMeddledWith: Bool) throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(60)
        let directory = fixture.directory.journal
        let names = try DirectoryListing.segments(under: directory)
        let victim = try #require(names.first)
        let other = try #require(names.dropFirst().first)
        var watch = SegmentWatch()
        #expect(watch.look(names, in: directory) == [])
        if isMeddledWith { try #require(truncate(fixture.directory.file(victim.text).path, 10) == 0) }
        try #require(truncate(fixture.directory.file(other.text).path, 20) == 0)
        var finding: SegmentWatch.Finding?
        let error = Compressor.compress(victim, in: directory, didReplace: { finding = watch.exchange(victim, $0, in: directory) }) { false }
        #expect(error == nil && finding == (isMeddledWith ? SegmentWatch.Finding(segment: victim, change: .truncated) : nil))
        #expect(watch.look(try DirectoryListing.segments(under: directory), in: directory) == [.init(segment: other, change: .truncated)])
        try #require(truncate(fixture.directory.file(victim.compressed.text).path, 10) == 0)
        let now = try DirectoryListing.segments(under: directory)
        #expect(watch.look(now, in: directory) == [.init(segment: victim.compressed, change: .truncated)])
    }
}
