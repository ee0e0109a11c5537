/// The records of one facet, or of the whole index, in order, read in pieces that grow: few for a page, many for a long list.
struct FacetRows {
    private static let firstPiece: Int64 = 16
    private static let largestPiece: Int64 = 1_024

    /// Nothing for all records.
    let facet: Int64?
    private(set) var bounds: Range<Int64>
    private let times: Range<Int64>
    private let order: RecordQuery.Order
    private var piece = FacetRows.firstPiece
    /// What was read and not given away, the next one last.
    private var rows: [IndexReader.Found] = []
    private var isAtEnd = false

    init(facet: Int64?, bounds: Range<Int64>, times: Range<Int64>, order: RecordQuery.Order) {
        self.facet = facet
        self.bounds = bounds
        self.times = times
        self.order = order
    }

    /// The number that the next record has at best, or has.
    var head: Int64? {
        if let next = rows.last { return Int64(next.sequence) }
        guard !isAtEnd, !bounds.isEmpty else { return nil }
        return order == .newest ? bounds.upperBound - 1 : bounds.lowerBound
    }

    /// Whether `head` is a record's number and not a hope.
    var isHeadKnown: Bool { !rows.isEmpty }

    /// The next record.
    mutating func next(_ database: SQLiteConnection) throws -> IndexReader.Found? {
        try load(database)
        return rows.popLast()
    }

    /// Reads a piece when nothing is at hand.
    mutating func load(_ database: SQLiteConnection) throws {
        while rows.isEmpty, !isAtEnd {
            guard !bounds.isEmpty else {
                isAtEnd = true
                return
            }
            try read(database)
        }
    }

    private mutating func read(_ database: SQLiteConnection) throws {
        let isNewest = order == .newest
        let sql = """
            SELECT seq, place, time FROM record WHERE \(facet == nil ? "" : "facet = ?4 AND ")seq >= ?1 AND seq < ?2
            ORDER BY seq \(isNewest ? "DESC" : "ASC") LIMIT ?3
            """
        var values: [SQLiteValue] = [.integer(bounds.lowerBound), .integer(bounds.upperBound), .integer(piece)]
        if let facet { values.append(.integer(facet)) }
        var count: Int64 = 0
        var last: Int64?
        var found: [IndexReader.Found] = []
        let times = times
        try database.statement(sql).forEach(values) { row in
            count += 1
            let sequence = try row.number(0)
            last = sequence
            if times.contains(try row.number(2, upTo: .max)) { found.append(.init(sequence: UInt64(sequence), offset: Int(try row.number(1)))) }
            return true
        }
        rows = found.reversed()
        // Bounded: a record's number is at most 2^62.
        if let last { bounds = isNewest ? bounds.lowerBound..<last : (last + 1)..<bounds.upperBound }
        isAtEnd = count < piece
        piece = min(piece * 4, Self.largestPiece)
    }
}
