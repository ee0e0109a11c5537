import Audit
import Codecs
import Foundation
import Testing

@testable import Inquiry

/// Numbers that the gateway did not choose: in a cursor, a line, an index file. None of them may end the process.
@Suite struct OutsideNumbersTests {
    private static let edges: [UInt64] = [0, 1, 1 << 62, 1 << 63 - 2, 1 << 63 - 1, 1 << 63, .max - 1, .max]

    private static func filled(_ count: Int = 8) throws -> JournalFixture {
        let journal = try JournalFixture()
        try journal.write((0..<count).map { journal.record($0, kind: .export) { $0.export = Record.Export(taskID: "t", fileID: "f") } })
        return journal
    }

    private static var queries: [RecordQuery] {
        var all: [RecordQuery] = []
        for order in RecordQuery.Order.allCases {
            for change: (inout RecordQuery) -> Void in [
                { _ in }, { $0.caller = "team-a" }, { $0.task = "t" }, { $0.requestID = "request-3" }, { $0.since = JournalFixture.start },
            ] {
                var query = RecordQuery()
                query.order = order
                change(&query)
                all.append(query)
            }
        }
        return all
    }

    @Test(arguments: [false, true])
    func `answers every cursor that a text can hold, with an index and without`(isIndexed: Bool) throws {
        let journal = try Self.filled()
        if isIndexed { #expect(journal.archive.refresh()) }
        for sequence in Self.edges {
            for var query in Self.queries {
                query.cursor = RecordCursor(sequence: sequence)
                let found = try journal.archive.page(query).records.map(\.sequence)
                #expect(found.allSatisfy { query.order == .newest ? $0 < sequence : $0 > sequence })
                query.cursor = RecordCursor(sequence: sequence, fleet: .init(instance: "gw", microseconds: .max))
                _ = query.selection("line", from: "r")
            }
            var exports = RecordQuery()
            exports.cursor = RecordCursor(sequence: sequence)
            exports.order = .oldest
            _ = try journal.archive.forEachExport(exports, ExportFilter(), deadline: .now + .seconds(60)) { _ in true }
            let given = RecordCursor(RecordCursor(sequence: sequence).description)
            #expect(given?.sequence == (sequence <= SequenceNumber.maximum.value ? sequence : nil))
        }
    }

    /// Read with replacement characters it would be longer than a cursor that is taken, and the next page's link would be refused.
    @Test func `takes no cursor whose gateway's name is no UTF-8`() {
        let place = Array("r1:7:8:gw".utf8)
        #expect(RecordCursor(Base64.encode(place, .url)) == RecordCursor(sequence: 7, fleet: .init(instance: "gw", microseconds: 8)))
        for name in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [UInt8](repeating: 0x82, count: 700)] {
            #expect(RecordCursor(Base64.encode(place + name, .url)) == nil)
        }
    }

    @Test(arguments: ["9223372036854775807", "9223372036854775808", "9999999999999999999", "18446744073709551615", "4611686018427387905"])
    func `reads past a line whose number no record can have`(number: String) throws {
        let journal = try Self.filled(5)
        let segment = journal.path + "/" + (try #require(try journal.segments.last))
        let lines = try journal.lines
        let forged = try #require(lines.last).replacing(/"seq":\d+/, with: "\"seq\":\(number)")
        try (lines + [forged]).map { $0 + "\n" }.joined().write(toFile: segment, atomically: false, encoding: .utf8)
        #expect(JournalRecord(Array(forged.utf8)) == nil)
        for isIndexed in [false, true] {
            if isIndexed { #expect(journal.archive.refresh()) }
            for query in Self.queries { #expect(try journal.archive.page(query).records.allSatisfy { $0.sequence < 8 }) }
        }
    }

    @Test(arguments: [
        "UPDATE state SET first = -1", "UPDATE state SET next = -1", "UPDATE state SET first = 9223372036854775807", "UPDATE state SET segment = -5",
        "UPDATE state SET next = 'x'", "UPDATE state SET anchor = 9223372036854775807", "UPDATE state SET digest = x'00ff'",
        "UPDATE facet SET last = 9223372036854775807", "UPDATE facet SET first = 6, last = 3", "UPDATE facet SET last = -9223372036854775808",
        "UPDATE facet SET first = 'a'", "UPDATE record SET rows = zeroblob(1024)", "UPDATE record SET rows = x'00'",
        "UPDATE record SET rows = 'soon'", "UPDATE record SET block = 9223372036854775807",
        "UPDATE record SET rows = CAST(replace(hex(zeroblob(512)), '00', '~~') AS BLOB)", "UPDATE facet_block SET slots = x'ffff'",
        "UPDATE facet_block SET slots = x'0100000005'", "UPDATE facet_block SET slots = 7", "UPDATE facet_block SET block = 9223372036854775807",
        "UPDATE mark SET entries = x'00'", "UPDATE mark SET entries = zeroblob(80)",
        "UPDATE mark SET entries = CAST(replace(hex(zeroblob(8)), '0', '~') AS BLOB)", "UPDATE mark SET entries = x'ffffffffffffffff'",
        "UPDATE mark SET low = -1", "UPDATE mark SET level = 2, block = 0", "UPDATE mark SET block = 9223372036854775807",
        "UPDATE span SET number = 9223372036854775807", "UPDATE span SET number = -7",
        "UPDATE span SET earliest = 'x', latest = 'y'",
    ])
    func `goes without an index that somebody damaged, or makes it anew`(damage: String) throws {
        let journal = try Self.filled()
        #expect(journal.archive.refresh())
        try SQLiteConnection(path: journal.path + "/index/records.sqlite", .write, patience: 5_000).execute(damage)
        for query in Self.queries { _ = try journal.archive.page(query) }
        _ = journal.archive.refresh()
        for query in Self.queries { _ = try journal.archive.page(query) }
    }

    @Test func `adds up figures of records that no sum can hold`() throws {
        let journal = try JournalFixture()
        try journal.write(
            (0..<3).map { number in
                journal.record(number, kind: .download) {
                    $0.export = Record.Export(taskID: "t\(number)", recordTotalNum: .max)
                    $0.responseBody = Record.ResponseBody(bytes: .max)
                }
            })
        var report = ActivityReport(provedUpTo: .max)
        for line in try journal.lines {
            let forged = line.replacing(/"duration_us":\d+/, with: "\"duration_us\":9223372036854775807")
            report.add(try #require(JournalRecord(Array(forged.utf8))))
        }
        let totals = try #require(report.totals.values.first { $0.rows > 0 })
        #expect(totals.rows == .max && totals.downloadedBytes == .max && report.slowest.first?.timing.totalMicroseconds == .max)
        #expect(report.text(proof: "").contains("9223372036854775807") && report.csv.contains("9223372036854775807"))
    }

    @Test(arguments: [Int64.min, .max, -1, 1 << 50, 9_007_199_254_740_993])
    func `refuses a time of CTS that no year can have`(milliseconds: Int64) throws {
        let text = #"{"trace_name":"a","service_type":"HSS","time":\#(milliseconds)}"#
        #expect(CloudTrace(try #require(JSONDocument(Array(text.utf8)))) == nil)
    }
}
