import Audit
import Codecs
import Crypto

/// Writes records into the index, within one transaction.
struct IndexBatch {
    /// The part of a facet that this batch has extended.
    private struct Reach {
        let id: Int64
        var first: Int64
        var last: Int64
        /// Its records in the newest block.
        var slots: [UInt8] = []
    }

    private let database: SQLiteConnection
    private var facets: [ByteKey: Int64]
    private var reaches: [Reach] = []
    /// The index in `reaches`, by the facet's values.
    private var places: [ByteKey: Int] = [:]
    private var span: (number: Int64, earliest: Int64, latest: Int64)?
    private var key = ByteKey()
    private(set) var count = 0
    private(set) var state: IndexState
    private var lastLine: [UInt8] = []
    private var rollups: RollupBatch
    private var marks: MarkBatch
    private var records: RecordBlock?
    /// The block whose facets' records are being collected, and whether the index may have records of it
    /// already.
    private var facetBlock: (number: Int64, isBegun: Bool)?

    /// The known groups of the rollups.
    var groups: [RollupBatch.Key: Int64] { rollups.groups }

    init(_ database: SQLiteConnection, state: IndexState, facets: [ByteKey: Int64], groups: [RollupBatch.Key: Int64]) {
        self.database = database
        rollups = RollupBatch(groups: groups)
        self.state = state
        self.facets = facets
        marks = MarkBatch(newest: state.digest.isEmpty ? nil : Int64(state.next) - 1)
    }

    /// Adds a record's line that a scanner has read.
    mutating func add(_ visit: JournalFiles.Visit) throws {
        let (scanner, line, sequence) = (visit.scanner, visit.line, visit.sequence)
        let number = Int64(sequence)
        let time = Timestamp(scanner.bytes(of: .time, in: line.bytes))?.microseconds ?? 0
        try begin(number)
        records?.set(number, time: time, place: Int64(line.offset))
        let facet = try facet(of: scanner, line.bytes, number)
        rollups.add(scanner, line.bytes, facet: facet, time: time)
        addMarks(scanner, line.bytes, number)
        try extendSpan(Int64(sequence >> IndexSchema.spanShift), time)
        // Bounded: a record's number is at most 2^62.
        state.next = sequence + 1
        state.place = visit.place
        state.anchor = line.offset
        lastLine.removeAll(keepingCapacity: true)
        lastLine.append(contentsOf: line.bytes)
        count += 1
    }

    /// Writes the collected data; returns the known facets.
    mutating func finish() throws -> [ByteKey: Int64] {
        guard count > 0 else { return facets }
        try writeSpan()
        try records?.write(database)
        try writeFacets()
        try marks.write(database)
        let update = try database.statement("UPDATE facet SET first = min(first, ?), last = max(last, ?) WHERE id = ?")
        for reach in reaches { try update.execute([.integer(reach.first), .integer(reach.last), .integer(reach.id)]) }
        try rollups.write(database)
        state.digest = SHA256Hash(SHA256.hash(data: lastLine)).map(\.description) ?? ""
        try state.write(database)
        return facets
    }

    /// Writes the blocks that end before this record.
    private mutating func begin(_ number: Int64) throws {
        try marks.begin(number, database)
        let block = number >> RecordBlock.shift
        if records?.number != block {
            try records?.write(database)
            // Only the first one may have rows already.
            let known = records == nil ? try RecordBlock.next(in: block...block, .oldest, database) : nil
            records = known ?? RecordBlock(number: block)
        }
        let facets = number >> FacetBlock.shift
        guard facetBlock?.number != facets else { return }
        try writeFacets()
        facetBlock = (facets, isBegun: facetBlock == nil)
    }

    private mutating func writeFacets() throws {
        guard let facetBlock else { return }
        for place in reaches.indices where !reaches[place].slots.isEmpty {
            try FacetBlock.write(
                reaches[place].slots, block: facetBlock.number, facet: reaches[place].id, isBegun: facetBlock.isBegun, database)
            reaches[place].slots.removeAll(keepingCapacity: true)
        }
    }

    private mutating func facet(of scanner: RecordScanner, _ bytes: UnsafeRawBufferPointer, _ number: Int64) throws -> Int64 {
        key.removeAll()
        for field in IndexSchema.facetFields { key.append(scanner.bytes(of: field, in: bytes)) }
        let place = try places[key] ?? begin(scanner, bytes, number)
        reaches[place].last = number
        FacetBlock.append(number, to: &reaches[place].slots)
        return reaches[place].id
    }

    /// The place of a facet that is new in this batch.
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

    private mutating func addMarks(_ scanner: RecordScanner, _ bytes: UnsafeRawBufferPointer, _ number: Int64) {
        func text(_ field: RecordField) -> UnsafeRawBufferPointer { scanner.bytes(of: field, in: bytes) }
        let id = text(.id)
        let requestID = text(.requestID)
        add(.request, id, number)
        // They are usually the same: then it is one mark.
        if !requestID.isEqual(to: id) { add(.request, requestID, number) }
        add(.request, text(.upstreamRequestID), number)
        add(.task, text(.taskID), number)
        add(.file, text(.fileID), number)
        if text(.kind).isText("download") { add(.digest, text(.responseSHA256), number) }
    }

    private mutating func add(_ mark: Mark, _ text: UnsafeRawBufferPointer, _ number: Int64) {
        guard !text.isEmpty else { return }
        marks.add(text.has(UInt8(ascii: "\\")) ? mark.hash(JSONString.decode(text[...]).utf8) : mark.hash(text), number)
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
        try insert.execute([.integer(span.number), .integer(span.earliest), .integer(span.latest)])
        self.span = nil
    }
}
