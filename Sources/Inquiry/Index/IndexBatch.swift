import Codecs
import Audit
import Crypto

/// Writes records into the index, within one transaction.
struct IndexBatch {
    /// A facet as far as this batch extended it.
    private struct Reach {
        let id: Int64
        var first: Int64
        var last: Int64
    }

    private let insertRecord: SQLiteStatement
    private let insertMark: SQLiteStatement
    private let database: SQLiteConnection
    private var facets: [[UInt8]: Int64]
    private var reaches: [Reach] = []
    /// Where in `reaches`, by what the facet is made of.
    private var places: [[UInt8]: Int] = [:]
    /// The newest place, since a record is often like the one before.
    private var newest: (key: [UInt8], place: Int) = ([], 0)
    private var span: (number: Int64, earliest: Int64, latest: Int64)?
    private var key: [UInt8] = []
    private(set) var count = 0
    private(set) var state: IndexState
    private var lastLine: [UInt8] = []
    private var rollups: RollupBatch

    /// The rollups' groups that are known now.
    var groups: [RollupBatch.Key: Int64] { rollups.groups }

    init(_ database: SQLiteConnection, state: IndexState, facets: [[UInt8]: Int64], groups: [RollupBatch.Key: Int64]) throws {
        self.database = database
        rollups = RollupBatch(groups: groups)
        self.state = state
        self.facets = facets
        insertRecord = try database.statement("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)")
        insertMark = try database.statement("INSERT OR IGNORE INTO mark VALUES (?, ?, ?)")
    }

    /// Takes a record's line that a scanner has read.
    mutating func add(_ visit: JournalFiles.Visit) throws {
        let (scanner, line, sequence) = (visit.scanner, visit.line, visit.sequence)
        let number = Int64(sequence)
        let time = Timestamp(UnsafeRawBufferPointer(rebasing: line.bytes[scanner[.time]]))?.microseconds ?? 0
        let facet = try facet(of: scanner, line.bytes, number)
        try insertRecord.execute(number, facet, time, Int64(line.offset))
        rollups.add(scanner, line.bytes, facet: facet, time: time)
        try addMarks(scanner, line.bytes, sequence)
        try extendSpan(Int64(sequence >> IndexSchema.spanShift), time)
        // Bounded: a record's number is at most 2^62.
        state.next = sequence + 1
        state.place = visit.place
        state.anchor = line.offset
        lastLine.removeAll(keepingCapacity: true)
        lastLine.append(contentsOf: line.bytes)
        count += 1
    }

    /// Writes what was gathered; gives the facets that are known now.
    mutating func finish() throws -> [[UInt8]: Int64] {
        guard count > 0 else { return facets }
        try writeSpan()
        let update = try database.statement("UPDATE facet SET first = min(first, ?), last = max(last, ?) WHERE id = ?")
        for reach in reaches { try update.execute(reach.first, reach.last, reach.id) }
        try rollups.write(database)
        state.digest = SHA256Hash(SHA256.hash(data: lastLine)).map(\.description) ?? ""
        try state.write(database)
        return facets
    }

    private mutating func facet(of scanner: RecordScanner, _ bytes: UnsafeRawBufferPointer, _ number: Int64) throws -> Int64 {
        key.removeAll(keepingCapacity: true)
        for field in IndexSchema.facetFields {
            key.append(contentsOf: bytes[scanner[field]])
            key.append(0)
        }
        if newest.key != key { newest = (key, try places[key] ?? begin(scanner, bytes, number)) }
        reaches[newest.place].last = number
        return reaches[newest.place].id
    }

    /// The place of a facet that this batch hasn't met.
    private mutating func begin(_ scanner: RecordScanner, _ bytes: UnsafeRawBufferPointer, _ number: Int64) throws -> Int {
        let id = try facets[key] ?? insertFacet(scanner, bytes, number)
        facets[key] = id
        places[key] = reaches.count
        reaches.append(Reach(id: id, first: number, last: number))
        return reaches.count - 1
    }

    private func insertFacet(_ scanner: RecordScanner, _ bytes: UnsafeRawBufferPointer, _ number: Int64) throws -> Int64 {
        let values = IndexSchema.facetFields.map { SQLiteValue.text(JSONString.decode(bytes[scanner[$0]])) }
        let known = try database.statement(
            "SELECT id FROM facet WHERE \(IndexSchema.equalities(IndexSchema.facetFields))")
        if let found = try known.first(values, { $0.integer(0) }) { return found }
        let insert = try database.statement(
            """
            INSERT INTO facet (\(IndexSchema.columns(IndexSchema.facetFields)), first, last)
            VALUES (\(IndexSchema.placeholders(values.count + 2)))
            """)
        try insert.execute(values + [.integer(number), .integer(number)])
        return database.lastInsertedRow
    }

    private func addMarks(_ scanner: RecordScanner, _ bytes: UnsafeRawBufferPointer, _ sequence: UInt64) throws {
        let id = bytes[scanner[.id]]
        try add(.request, id, sequence)
        let requestID = bytes[scanner[.requestID]]
        if !requestID.isEmpty, !requestID.elementsEqual(id) { try add(.request, requestID, sequence) }
        if !scanner[.upstreamRequestID].isEmpty { try add(.request, bytes[scanner[.upstreamRequestID]], sequence) }
        if !scanner[.taskID].isEmpty { try add(.task, bytes[scanner[.taskID]], sequence) }
        if !scanner[.fileID].isEmpty { try add(.file, bytes[scanner[.fileID]], sequence) }
        if !scanner[.responseSHA256].isEmpty, bytes[scanner[.kind]].elementsEqual("download".utf8) {
            try add(.digest, bytes[scanner[.responseSHA256]], sequence)
        }
    }

    private func add(_ mark: Mark, _ text: Slice<UnsafeRawBufferPointer>, _ sequence: UInt64) throws {
        let hash = text.contains(UInt8(ascii: "\\")) ? mark.hash(JSONString.decode(text).utf8) : mark.hash(text)
        let block = sequence >> IndexSchema.markShift
        // Bounded: the block is the number without its last bits.
        try insertMark.execute(Int64(block), hash, Int64(sequence - block << IndexSchema.markShift))
    }

    private mutating func extendSpan(_ number: Int64, _ time: Int64) throws {
        if let span, span.number == number {
            self.span = (number, min(span.earliest, time), max(span.latest, time))
            return
        }
        try writeSpan()
        span = (number, time, time)
    }

    private mutating func writeSpan() throws {
        guard let span else { return }
        let insert = try database.statement(
            """
            INSERT INTO span VALUES (?, ?, ?) ON CONFLICT (number) DO UPDATE
            SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)
            """)
        try insert.execute(span.number, span.earliest, span.latest)
        self.span = nil
    }
}
