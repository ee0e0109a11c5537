import Foundation
import Testing

@testable import Audit

/// Files of the journal's directory that somebody replaced with what is none.
@Suite(.timeLimit(.minutes(10))) struct SpecialFileTests {
    /// A journal that ran, compressed or not.
    private func journal() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let fixture = try Journal.open(configuration(directory) { $0.rotateSize = 2_000 })
        for _ in 0..<30 { try fixture.appendDurably(fixture.record(.response), ProgressProbe(fixture)) }
        fixture.close()
        return directory
    }

    private func replace(_ name: String, in directory: TemporaryDirectory) throws {
        let path = directory.file(name).path
        try? FileManager.default.createDirectory(at: directory.file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: path)
        try #require(mkfifo(path, 0o600) == 0)
    }

    @Test(arguments: [0, 1])
    func `a FIFO in a segment's place is named and holds no start up`(fromEnd: Int) throws {
        let directory = try journal()
        let name = try #require(try directory.segments().dropLast(fromEnd).last)
        try? FileManager.default.removeItem(at: directory.file("frontier"))
        try replace(name, in: directory)
        #expect(throws: JournalError.cannotOpen(segment: name, code: RegularFile.notRegular)) { try Journal.open(configuration(directory)) }
        // Readers are not held up either.
        #expect(throws: JournalError.self) {
            var verifier = JournalVerifier(directory: directory.journal, keys: [])
            _ = try verifier.verify()
        }
    }

    @Test(arguments: ["frontier", "frontier.new", "removed", "refusals", "checkpoint", "tree/level-8", "tree/00000000000000000000"])
    func `a FIFO in a cache's place holds nothing up`(name: String) throws {
        let directory = try journal()
        try replace(name, in: directory)
        let key = try CheckpointKey.load(path: directory.path + "/key", instance: "test")
        let journal = try Journal.open(configuration(directory) { $0.signedSize = key.signedSize(directory.journal) })
        _ = try Notary.start(journal, key: key, NotaryConfiguration())
        try journal.appendDurably(journal.record(.response), ProgressProbe(journal))
        journal.close()
        #expect(try Prover(directory: directory.journal).inclusion(of: 3, at: nil).isEmpty == false)
    }
}
