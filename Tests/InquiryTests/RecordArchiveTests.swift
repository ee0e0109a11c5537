import Audit
import Foundation
import Testing

@testable import Inquiry

@Suite struct RecordArchiveTests {
    private static let callers = ["team-a", "team-b", "team-c"]
    private static let operations = ["ListVulnerabilities", "BatchExportBaselineTask", "ListDownloadExportedFile"]

    /// Records of every combination, with refusals and events in between.
    private static func fill(_ journal: JournalFixture, count: Int, rotateSize: Int = 256 << 20) throws {
        try journal.write(
            rotateSize: rotateSize,
            (0..<count).map { number in
                if number % 17 == 0 { return Record(event: "rotation", id: journal.identifier(number), time: JournalFixture.start) }
                let kind: Record.Kind = [.read, .export, .download][number % 3]
                return journal.record(
                    number, number % 5 == 0 ? .refusal : .response, caller: callers[number % 7 % 3], operation: operations[number % 3], kind: kind,
                    outcome: number % 5 == 0 ? .refused : number % 11 == 0 ? .failure : .success
                ) { record in
                    if number % 3 > 0 {
                        record.export = Record.Export(taskID: "task-\(number / 30)", fileID: number % 3 == 2 ? "file-\(number / 30)" : nil)
                    }
                }
            })
    }

    private static let queries: [[(String, String)]] = [
        [], [("caller", "team-b")], [("operation", "BatchExportBaselineTask")], [("kind", "download")], [("project", "0123")], [("project", "prod")],
        [("outcome", "failure")], [("phase", "event")], [("task", "task-3")], [("request_id", "request-77")], [("request_id", "hss-78")],
        [("file_id", "file-2")], [("since", "2026-11-01T00:01:00Z")], [("until", "2026-11-01T00:01:00Z"), ("caller", "team-a")],
        [("since", "2026-11-01T00:02:00Z"), ("until", "2026-11-01T00:04:00Z"), ("kind", "read"), ("outcome", "success")],
        [("caller", "team-a"), ("operation", "ListVulnerabilities"), ("kind", "export")], [("caller", "nobody")],
        [("task", "task-3"), ("caller", "team-a"), ("outcome", "success")],
    ]

    /// The expected result: the lines themselves, filtered one by one with an independent JSON parser.
    private static func expected(_ lines: [String], _ filters: [(String, String)]) throws -> [UInt64] {
        func value(_ record: [String: Any], _ path: String...) -> String? {
            var value: Any? = record
            for key in path { value = (value as? [String: Any])?[key] }
            return value as? String
        }
        return try lines.compactMap { line in
            let record = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let matches = filters.allSatisfy { name, wanted in
                switch name {
                case "caller": value(record, "caller", "name") == wanted
                case "project": value(record, "project", "name") == wanted || value(record, "project", "id") == wanted
                case "task": value(record, "export", "task_id") == wanted
                case "file_id": value(record, "export", "file_id") == wanted
                case "request_id": value(record, "request_id") == wanted || value(record, "upstream", "request_id") == wanted
                // All times of the fixture have the same form, so they can be compared as text.
                case "since": (value(record, "time") ?? "") >= wanted.replacingOccurrences(of: "Z", with: ".000000Z")
                case "until": (value(record, "time") ?? "") < wanted.replacingOccurrences(of: "Z", with: ".000000Z")
                default: value(record, name) == wanted
                }
            }
            return matches ? (record["seq"] as? NSNumber)?.uint64Value : nil
        }
    }

    private static func query(_ filters: [(String, String)], _ order: RecordQuery.Order, limit: Int) throws -> RecordQuery {
        var query = RecordQuery()
        for (name, value) in filters { try query.set(name, to: value, now: JournalFixture.start) }
        query.order = order
        query.limit = limit
        return query
    }

    /// All pages in sequence.
    private static func pages(_ archive: RecordArchive, _ query: RecordQuery) throws -> [UInt64] {
        var query = query
        var sequences: [UInt64] = []
        repeat {
            let page = try archive.page(query)
            #expect(page.records.count <= query.limit)
            sequences += page.records.map(\.sequence)
            query.cursor = page.next
        } while query.cursor != nil
        return sequences
    }

    @Test(arguments: [true, false], RecordQuery.Order.allCases)
    func `finds exactly what is asked for, page by page`(hasIndex: Bool, order: RecordQuery.Order) throws {
        let journal = try JournalFixture()
        try Self.fill(journal, count: 400)
        if hasIndex { #expect(journal.archive.refresh()) }
        let lines = try journal.lines
        #expect(lines.count == 400)
        for filters in Self.queries {
            let expected = try Self.expected(lines, filters)
            for limit in [1, 7, 1_000] where limit > 1 || expected.count < 50 {
                let found = try Self.pages(journal.archive, Self.query(filters, order, limit: limit))
                #expect(found == (order == .newest ? expected.reversed() : expected), "\(filters), \(limit) a page")
            }
        }
    }

    @Test func `answers from the index and from what it doesn't know yet alike, over many segments`() throws {
        let journal = try JournalFixture()
        try Self.fill(journal, count: 150, rotateSize: 4_096)
        #expect(journal.archive.refresh())
        try journal.write(rotateSize: 4_096, (200..<260).map { journal.record($0, caller: "team-b") })
        #expect(try journal.segments.count > 10)
        let lines = try journal.lines
        for filters in Self.queries {
            for order in RecordQuery.Order.allCases {
                let expected = try Self.expected(lines, filters)
                let found = try Self.pages(journal.archive, Self.query(filters, order, limit: 9))
                #expect(found == (order == .newest ? expected.reversed() : expected), "\(filters), \(order)")
            }
        }
    }

    @Test func `keeps a cursor's place while the journal grows`() throws {
        let journal = try JournalFixture()
        try journal.write((0..<20).map { journal.record($0) })
        journal.archive.refresh()
        var query = try Self.query([("caller", "team-a")], .newest, limit: 5)
        let first = try journal.archive.page(query)
        try journal.write((20..<40).map { journal.record($0) })
        journal.archive.refresh()
        query.cursor = first.next
        #expect(try journal.archive.page(query).records.map(\.sequence) == [14, 13, 12, 11, 10])
    }

    @Test func `makes anew an index that is damaged, foreign, of another version or of another journal`() throws {
        let journal = try JournalFixture()
        try journal.write((0..<30).map { journal.record($0) })
        #expect(journal.archive.refresh())
        let index = journal.path + "/index/records.sqlite"
        let good = try Data(contentsOf: URL(fileURLWithPath: index))
        let other = try JournalFixture()
        try other.write((500..<520).map { other.record($0, caller: "somebody-else") })
        other.archive.refresh()
        let foreign = try Data(contentsOf: URL(fileURLWithPath: other.path + "/index/records.sqlite"))
        var version = good
        version[63] = 99
        for content in [Data("no database".utf8), Data(), version, foreign] {
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: index + suffix) }
            try content.write(to: URL(fileURLWithPath: index))
            #expect(try Self.pages(journal.archive, Self.query([("caller", "team-a")], .oldest, limit: 100)).count == 30)
            #expect(journal.archive.refresh())
            #expect(try Self.pages(journal.archive, Self.query([("caller", "team-a")], .oldest, limit: 100)) == Array(0..<30))
            #expect(try Self.pages(journal.archive, Self.query([("caller", "somebody-else")], .oldest, limit: 100)).isEmpty)
        }
    }

    @Test func `follows the journal when its last records were written anew, and when old segments went`() throws {
        let journal = try JournalFixture()
        try Self.fill(journal, count: 60, rotateSize: 4_096)
        journal.archive.refresh()
        let segments = try journal.segments
        // The disk failed: the last records are repeated in a segment that begins among them, followed by a new one.
        let last = try #require(segments.last)
        let lines = try String(contentsOfFile: journal.path + "/" + last, encoding: .utf8).split(separator: "\n").map(String.init)
        let first = try #require(Int(last.dropFirst(8).prefix(20)))
        let rewritten = first + 1
        let added = lines[0].replacingOccurrences(of: "\"seq\":\(first),", with: "\"seq\":\(first + lines.count),")
        let name = "journal-" + String(repeating: "0", count: 20 - String(rewritten).count) + "\(rewritten).jsonl"
        try (lines.dropFirst() + [added]).joined(separator: "\n").appending("\n").write(
            toFile: journal.path + "/" + name, atomically: true, encoding: .utf8)
        // Before the index knows of it, as while its disk is too full for it to grow.
        for order in RecordQuery.Order.allCases {
            #expect(try Self.pages(journal.archive, Self.query([], order, limit: 7)).sorted() == (0...UInt64(first + lines.count)).map { $0 })
        }
        journal.archive.refresh()
        #expect(try Self.pages(journal.archive, Self.query([], .oldest, limit: 100)) == (0...UInt64(first + lines.count)).map { $0 })
        try FileManager.default.removeItem(atPath: journal.path + "/" + segments[0])
        journal.archive.refresh()
        let oldest = try #require(segments.count > 1 ? UInt64(segments[1].dropFirst(8).prefix(20)) : nil)
        #expect(try Self.pages(journal.archive, Self.query([], .oldest, limit: 100)).first == oldest)
    }

    @Test func `finds records that stand in another segment than the index says`() throws {
        let journal = try JournalFixture()
        try Self.fill(journal, count: 40)
        journal.archive.refresh()
        let lines = try journal.lines
        let name = "journal-" + String(repeating: "0", count: 18) + "25.jsonl"
        try lines[25...].joined(separator: "\n").appending("\n").write(toFile: journal.path + "/" + name, atomically: true, encoding: .utf8)
        for filters in Self.queries {
            let found = try Self.pages(journal.archive, Self.query(filters, .oldest, limit: 11))
            #expect(found == (try Self.expected(lines, filters)), "\(filters)")
        }
    }

    @Test(arguments: [false, true], RecordQuery.Order.allCases)
    func `reads on when segments are compressed or removed in the middle of a query`(isIndexed: Bool, order: RecordQuery.Order) throws {
        let journal = try JournalFixture()
        try Self.fill(journal, count: 300, rotateSize: 8_000)
        if isIndexed { #expect(journal.archive.refresh()) }
        var query = RecordQuery()
        (query.order, query.limit) = (order, RecordQuery.limitBound)
        func numbers(_ meanwhile: () throws -> Void = {}) throws -> [UInt64] {
            var (seen, fault): ([UInt64], (any Error)?) = ([], nil)
            try journal.archive.forEach(query) { record in
                if seen.isEmpty { do { try meanwhile() } catch { fault = error } }
                seen.append(record.sequence)
                return true
            }
            if let fault { throw fault }
            return seen
        }
        let all = try numbers()
        let names = try journal.segments
        try #require(names.count > 6)
        let compressed = try numbers {
            for name in names.dropLast() {
                let process = Process()
                process.executableURL = URL(filePath: "/usr/bin/env")
                process.arguments = ["gzip", journal.path + "/" + name]
                try process.run()
                process.waitUntilExit()
            }
        }
        #expect(compressed == all)
        // The oldest segments, as by retention; in the middle of reading them from the other end.
        let removed = try numbers { try FileManager.default.removeItem(atPath: journal.path + "/" + names[2] + ".gz") }
        let end = try #require(UInt64(names[3].dropFirst(8).prefix(20)))
        let first = try #require(UInt64(names[2].dropFirst(8).prefix(20)))
        #expect(removed.filter { !(first..<end).contains($0) } == all.filter { !(first..<end).contains($0) })
    }

    @Test func `reads compressed segments like plain ones`() throws {
        let journal = try JournalFixture()
        try Self.fill(journal, count: 90, rotateSize: 8_192)
        let lines = try journal.lines
        for segment in try journal.segments.dropLast() {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["gzip", journal.path + "/" + segment]
            try process.run()
            process.waitUntilExit()
        }
        for isIndexed in [false, true] {
            if isIndexed { #expect(journal.archive.refresh()) }
            for filters in Self.queries {
                let found = try Self.pages(journal.archive, Self.query(filters, .newest, limit: 11))
                #expect(found == (try Self.expected(lines, filters)).reversed(), "\(filters), index: \(isIndexed)")
            }
        }
    }

    @Test func `lets one writer at a time keep the index, and readers read meanwhile`() throws {
        let journal = try JournalFixture()
        try journal.write((0..<10).map { journal.record($0) })
        let writer = try IndexWriter(journal: journal.path)
        try writer.catchUp()
        #expect(throws: InquiryError.indexInUse) { try IndexWriter(journal: journal.path) }
        #expect(!journal.archive.refresh())
        #expect(try journal.archive.page(RecordQuery()).records.count == 10)
        #expect(!writer.isGone)
        try FileManager.default.removeItem(atPath: journal.path + "/index")
        #expect(writer.isGone)
        #expect(try journal.archive.page(RecordQuery()).records.count == 10)
    }
}
