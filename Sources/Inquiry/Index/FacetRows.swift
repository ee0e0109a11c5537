/// The records of one facet, or of the whole index, in order, read in pieces of growing size: small for a page, large for a
/// long list.
struct FacetRows {
    private static let firstPiece = 16
    private static let largestPiece = 1_024

    /// Nil for all records.
    let facet: Int64?
    /// The numbers that were not read yet.
    private var bounds: Range<Int64>
    private let times: Range<Int64>
    private let order: RecordQuery.Order
    private var piece = FacetRows.firstPiece
    /// Numbers of a block that were read and not processed, the next one last.
    private var numbers: [Int64] = []
    private var blocks = RecordBlocks()
    /// Records that were found and not returned yet, the next one last.
    private var rows: [IndexReader.Found] = []
    private var isAtEnd = false

    init(facet: Int64?, bounds: Range<Int64>, times: Range<Int64>, order: RecordQuery.Order) {
        self.facet = facet
        self.bounds = bounds
        self.times = times
        self.order = order
    }

    /// The number of the next record, or a bound for it.
    var head: Int64? {
        if let next = rows.last { return Int64(next.sequence) }
        if let next = numbers.last { return next }
        guard !isAtEnd, !bounds.isEmpty else { return nil }
        return order == .newest ? bounds.upperBound - 1 : bounds.lowerBound
    }

    /// Whether `head` is a record's number and not only a bound.
    var isHeadKnown: Bool { !rows.isEmpty }

    /// The next record.
    mutating func next(_ database: SQLiteConnection) throws -> IndexReader.Found? {
        try load(database)
        return rows.popLast()
    }

    /// Reads a piece when nothing is buffered.
    mutating func load(_ database: SQLiteConnection) throws {
        while rows.isEmpty, !isAtEnd {
            if numbers.isEmpty { try readNumbers(database) }
            try readRows(database)
        }
    }

    /// Processes the next numbers, at most one piece of them.
    private mutating func readRows(_ database: SQLiteConnection) throws {
        guard !numbers.isEmpty else { return }
        var found: [IndexReader.Found] = []
        for _ in 0..<min(piece, numbers.count) {
            guard let number = numbers.popLast(), let row = try blocks.row(number, database), let place = row.place else { continue }
            if times.contains(row.time) { found.append(.init(sequence: UInt64(number), offset: Int(place))) }
        }
        rows = found.reversed()
        piece = min(piece * 4, Self.largestPiece)
    }

    /// Reads the numbers of the next block, or finds that there is none.
    private mutating func readNumbers(_ database: SQLiteConnection) throws {
        guard !bounds.isEmpty, let (shift, block, all) = try nextBlock(database) else {
            isAtEnd = true
            return
        }
        numbers = all.filter { bounds.contains($0) }
        if order == .oldest { numbers.reverse() }
        // Bounded: a block's number is a record's without its last bits.
        bounds = bounds.clamped(to: order == .newest ? Int64.min..<block << shift : (block + 1) << shift..<Int64.max)
    }

    private mutating func nextBlock(_ database: SQLiteConnection) throws -> (shift: Int64, block: Int64, records: [Int64])? {
        func range(_ shift: Int64) -> ClosedRange<Int64> { bounds.lowerBound >> shift...(bounds.upperBound - 1) >> shift }
        if let facet {
            return try FacetBlock.next(of: facet, in: range(FacetBlock.shift), order, database).map { (FacetBlock.shift, $0.number, $0.records) }
        }
        guard let block = try RecordBlock.next(in: range(RecordBlock.shift), order, database) else { return nil }
        blocks.take(block)
        return (RecordBlock.shift, block.number, block.numbers)
    }
}
