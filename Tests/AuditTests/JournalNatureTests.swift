import Foundation
import Testing

@testable import Audit

/// A sandbox's records and the cloud's are never in one journal.
@Suite struct JournalNatureTests {
    private func open(_ directory: TemporaryDirectory, _ nature: JournalNature) throws -> Journal {
        try Journal.open(configuration(directory) { $0.nature = nature })
    }

    private func fill(_ directory: TemporaryDirectory, _ nature: JournalNature) throws {
        let journal = try open(directory, nature)
        try journal.appendDurably(journal.record(.response), ProgressProbe(journal))
        journal.close()
    }

    @Test(arguments: [JournalNature.real, .sandbox])
    func `goes on as what it began as, and as nothing else`(nature: JournalNature) throws {
        let directory = try TemporaryDirectory()
        try fill(directory, nature)
        try fill(directory, nature)
        let other: JournalNature = nature == .real ? .sandbox : .real
        #expect(throws: JournalError.otherNature(path: directory.journal, began: nature)) { try open(directory, other) }
        let events = try directory.records().compactMap { $0["event"] as? String }
        #expect(events == (nature == .sandbox ? ["sandbox_journal"] : []))
    }

    @Test func `is known by its first event when the mark is gone, and by the mark when the event is`() throws {
        let directory = try TemporaryDirectory()
        try fill(directory, .sandbox)
        let mark = directory.file("sandbox")
        let text = try Data(contentsOf: mark)
        try FileManager.default.removeItem(at: mark)
        #expect(throws: JournalError.self) { try open(directory, .real) }
        try text.write(to: mark)
        let segment = directory.file(try #require(try directory.segments().first))
        let lines = try String(contentsOf: segment, encoding: .utf8).replacing("sandbox_journal", with: "something_else")
        try Data(lines.utf8).write(to: segment)
        #expect(throws: JournalError.self) { try open(directory, .real) }
    }
}
