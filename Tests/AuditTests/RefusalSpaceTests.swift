import Synchronization
import Testing

@testable import Audit

/// The share of the journal's disk that refusals may use.
@Suite struct RefusalSpaceTests {
    private static let capacity = 1_000_000

    private func open(_ directory: TemporaryDirectory, rotateSize: Int = 256 << 20) throws -> Journal {
        try Journal.open(
            configuration(directory) {
                $0.capacity = { _ in Self.capacity }
                $0.rotateSize = rotateSize
            })
    }

    private func flood(_ journal: Journal) throws -> Int {
        var count = 0
        while journal.takesRefusals, count < 10_000 {
            _ = try journal.append(journal.record(.refusal))
            count += 1
        }
        return count
    }

    @Test(arguments: [256 << 20, 10_000])
    func `refusals fill their share and nothing more, also after a restart`(rotateSize: Int) throws {
        let directory = try TemporaryDirectory()
        let journal = try open(directory, rotateSize: rotateSize)
        let probe = ProgressProbe(journal)
        try journal.appendDurably(journal.record(.response), probe)
        let count = try flood(journal)
        #expect(count > 50 && count < 1_000)
        // Other records are not affected.
        try journal.appendDurably(journal.record(.request), probe)
        journal.close()
        let bytes = try directory.lines().filter { $0.contains("\"phase\":\"refusal\"") }.reduce(0) { $0 + $1.utf8.count + 1 }
        #expect((45_000...52_000).contains(bytes))

        let again = try open(directory, rotateSize: rotateSize)
        try again.appendDurably(again.record(.response), ProgressProbe(again))
        #expect(!again.takesRefusals)
        again.close()
        #expect(try directory.records().contains { $0["event"] as? String == "refusals_disk_share_used" })
    }

    @Test func `counts what it wrote before a crash`() throws {
        let directory = try TemporaryDirectory()
        let journal = try open(directory)
        let probe = ProgressProbe(journal)
        try journal.appendDurably(journal.record(.response), probe)
        _ = try flood(journal)
        try journal.appendDurably(journal.record(.response), probe)
        let crashed = try directory.copy()
        journal.close()
        let again = try open(crashed)
        try again.appendDurably(again.record(.response), ProgressProbe(again))
        #expect(!again.takesRefusals)
        again.close()
    }

    @Test func `has room again when segments are gone`() throws {
        let directory = try TemporaryDirectory()
        let journal = try open(directory, rotateSize: 10_000)
        let probe = ProgressProbe(journal)
        try journal.appendDurably(journal.record(.response), probe)
        _ = try flood(journal)
        try journal.appendDurably(journal.record(.response), probe)
        journal.close()
        let space = RefusalSpace.load(from: try JournalDirectory(path: directory.journal))
        var left = space
        #expect(left.closedBytes(in: directory.journal) > 0)
        left = space
        #expect(left.closedBytes(in: directory.path) == 0)
    }
}
