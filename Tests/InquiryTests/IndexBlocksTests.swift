import Audit
import Foundation
import Testing

@testable import Inquiry

/// Rows of the index that contain many records: for each of them they must return what a row of its own
/// would.
@Suite struct IndexBlocksTests {
    /// A separate, empty index.
    private static func index() throws -> (journal: JournalFixture, database: SQLiteConnection) {
        let journal = try JournalFixture()
        let database = try SQLiteConnection(path: journal.path + "/blocks.sqlite", .write, patience: 5_000)
        try database.write { try IndexSchema.create(in: $0) }
        return (journal, database)
    }

    /// Numbers of records with gaps of all lengths, over more than one block of the highest level.
    private static let numbers: [Int64] = {
        var numbers: [Int64] = []
        var next: Int64 = 700
        while next < 560_000 {
            numbers.append(next)
            next += [1, 1, 1, 61, 97, 1_023, 1_025][numbers.count % 7]
        }
        return numbers
    }()

    private static func hash(_ number: Int64) -> Int64 { number % 50 == 0 ? 0xFFFF_FFFF : Mark.request.hash("request-\(number)".utf8) }

    @Test(arguments: [1, 250, 1_700, 10_000])
    func `finds every mark, whatever transactions wrote it and whatever it was merged into`(size: Int) throws {
        let (journal, database) = try Self.index()
        defer { withExtendedLifetime(journal) {} }
        var newest: Int64?
        var rest = size == 1 ? Self.numbers.prefix(600)[...] : Self.numbers[...]
        let all = Array(rest)
        while !rest.isEmpty {
            try database.write { database in
                var marks = MarkBatch(newest: newest)
                for number in rest.prefix(size) {
                    try marks.begin(number, database)
                    marks.add(Self.hash(number), number)
                    // The same id twice in a record is one mark.
                    if number % 3 == 0 { marks.add(Self.hash(number), number) }
                    newest = number
                }
                try marks.write(database)
            }
            rest = rest.dropFirst(size)
        }
        func found(_ hash: Int64, _ order: RecordQuery.Order, _ bounds: Range<Int64>) throws -> [Int64] {
            var found: [Int64] = []
            try MarkTable.find(hash, order, bounds, database) {
                found.append($0)
                return true
            }
            return found
        }
        for number in all.enumerated().filter({ $0.offset % 13 == 0 }).map(\.element) where number % 50 != 0 {
            #expect(try found(Self.hash(number), .newest, 0..<Int64.max) == [number])
        }
        let shared = all.filter { $0 % 50 == 0 }
        #expect(try found(0xFFFF_FFFF, .oldest, 0..<Int64.max) == shared)
        #expect(try found(0xFFFF_FFFF, .newest, 0..<Int64.max) == shared.reversed())
        for (low, high) in [(0, 1), (1_024, 16_384), (262_144, 262_145), (262_143, 300_000), (5_000, 400_000)] as [(Int64, Int64)] {
            #expect(try found(0xFFFF_FFFF, .newest, low..<high) == shared.filter { (low..<high).contains($0) }.reversed())
        }
        // Every complete block is in the highest level that it fills, and nowhere else.
        for (level, shift) in MarkTable.shifts.enumerated().dropLast() {
            let upper = MarkTable.shifts[level + 1]
            let oldest = try database.integer("SELECT min(block) FROM mark WHERE level = ?", .integer(Int64(level)))
            let newest = try #require(newest)
            #expect(oldest.map { ($0 << shift) >> upper == newest >> upper } ?? true)
        }
    }

    @Test func `keeps the marks of records that stay when others go`() throws {
        let (journal, database) = try Self.index()
        defer { withExtendedLifetime(journal) {} }
        try database.write { database in
            var marks = MarkBatch(newest: nil)
            for number in Self.numbers {
                try marks.begin(number, database)
                marks.add(1, number)
            }
            try marks.write(database)
            try MarkTable.remove(before: 300_000, database)
        }
        var found: [Int64] = []
        try MarkTable.find(1, .oldest, 300_000..<Int64.max, database) {
            found.append($0)
            return true
        }
        #expect(found == Self.numbers.filter { $0 >= 300_000 })
    }

    @Test func `tells records of a block from those that there aren't`() throws {
        let (journal, database) = try Self.index()
        defer { withExtendedLifetime(journal) {} }
        var block = RecordBlock(number: 5)
        for number in [320, 321, 383] as [Int64] { block.set(number, time: -number, place: number * 1_000) }
        try database.write { try block.write($0) }
        let stored = try #require(try RecordBlock.next(in: 0...9, .newest, database))
        #expect(stored.number == 5 && stored.numbers == [320, 321, 383])
        var blocks = RecordBlocks()
        #expect(try blocks.row(383, database)?.place == 383_000)
        #expect(try blocks.row(383, database)?.time == -383)
        #expect(try blocks.row(322, database)?.place == nil)
        #expect(try blocks.row(384, database) == nil)
    }

    @Test func `answers alike with an index that grew in pieces and without one, over more records than a block has`() throws {
        let journal = try JournalFixture()
        let pieces = [0..<70, 70..<1_030, 1_030..<4_100, 4_100..<9_000, 9_000..<9_001]
        for piece in pieces {
            try journal.write(
                piece.map { number in
                    journal.record(
                        number, caller: number % 1_500 == 0 ? "rare" : "team-\(number % 3)", operation: "Operation\(number % 7)",
                        outcome: number % 11 == 0 ? .failure : .success)
                })
            #expect(journal.archive.refresh())
        }
        let bare = try JournalFixture()
        for segment in try journal.segments {
            try FileManager.default.copyItem(atPath: journal.path + "/" + segment, toPath: bare.path + "/" + segment)
        }
        let filters: [[(String, String)]] = [
            [], [("caller", "team-1")], [("caller", "rare")], [("operation", "Operation3"), ("outcome", "failure")], [("request_id", "request-4099")],
            [("request_id", "hss-8999")], [("since", "2026-11-01T00:50:00Z"), ("until", "2026-11-01T01:20:00Z"), ("caller", "team-2")],
        ]
        for each in filters {
            for order in RecordQuery.Order.allCases {
                var query = RecordQuery()
                for (name, value) in each { try query.set(name, to: value, now: JournalFixture.start) }
                query.order = order
                query.limit = 700
                for cursor in [nil, 4_097, 63] as [UInt64?] {
                    query.cursor = cursor.map { RecordCursor(sequence: $0) }
                    let (indexed, plain) = (try journal.archive.page(query), try bare.archive.page(query))
                    #expect(indexed.records.map(\.sequence) == plain.records.map(\.sequence), "\(each), \(order), \(String(describing: cursor))")
                    #expect(indexed.next == plain.next)
                }
            }
        }
    }
}
