import Audit

/// The table of marks: numbers of 50 bits, 32 of the hash and below them the last 18 of the record's number, sorted, in rows of at most 120.
///
/// 1. The rows of 1,024 records are sorted together. Sixteen such blocks become one of 16,384 records as soon as all are there, and sixteen of those
///    one of 262,144: a lookup reads few blocks, and a mark is written three times in long rows instead of once in a row of its own, which costs
///    SQLite eight thousand instructions.
/// 2. A block has rows in one level only: those of the lower one are deleted in the transaction that writes the upper one's. Lower levels have newer
///    records.
/// 3. Marks only find candidates: the caller checks the record's line.
enum MarkTable {
    /// Records of a block in each level, as powers of two.
    static let shifts: [Int64] = [10, 14, 18]
    private static let slotBits: Int64 = 18
    private static let entriesOfRow = 120
    private static let entryBytes = 8

    /// A mark and the record that has it.
    static func entry(_ hash: Int64, _ record: Int64) -> Int64 { hash << slotBits | record & (1 << slotBits - 1) }

    // MARK: - Writing

    /// Replaces a block's marks.
    static func write(_ entries: [Int64], level: Int, block: Int64, _ database: SQLiteConnection) throws {
        var sorted = entries
        sorted.sort()
        // A record's ids may be the same text.
        var count = 0
        for index in sorted.indices where count == 0 || sorted[index] != sorted[count - 1] {
            sorted[count] = sorted[index]
            count += 1
        }
        let insert = try database.statement("INSERT INTO mark VALUES (?, ?, ?, ?)")
        for start in stride(from: 0, to: count, by: entriesOfRow) {
            let row = sorted[start..<min(start + entriesOfRow, count)].withUnsafeBytes { Array($0) }
            try insert.execute([.integer(Int64(level)), .integer(block), .integer(sorted[start]), .bytes(row)])
        }
    }

    /// Removes a range of blocks, and returns their marks.
    static func take(level: Int, blocks: ClosedRange<Int64>, _ database: SQLiteConnection) throws -> [Int64] {
        var entries: [Int64] = []
        let select = try database.statement("SELECT entries FROM mark WHERE level = ? AND block >= ? AND block <= ?")
        let place: [SQLiteValue] = [.integer(Int64(level)), .integer(blocks.lowerBound), .integer(blocks.upperBound)]
        try select.forEach(place) { row in
            try row.withBytes(0) { bytes in try forEachEntry(bytes) { entries.append($0) } }
            return true
        }
        if !entries.isEmpty { try database.statement("DELETE FROM mark WHERE level = ? AND block >= ? AND block <= ?").execute(place) }
        return entries
    }

    /// Removes the blocks whose records all come before a number.
    static func remove(before record: Int64, _ database: SQLiteConnection) throws {
        let delete = try database.statement("DELETE FROM mark WHERE level = ? AND block < ?")
        for (level, shift) in shifts.enumerated() { try delete.execute([.integer(Int64(level)), .integer(record >> shift)]) }
    }

    // MARK: - Reading

    /// The numbers of records that may have a mark, in order; `body` returns whether it wants more.
    static func find(
        _ hash: Int64, _ order: RecordQuery.Order, _ bounds: Range<Int64>, _ database: SQLiteConnection, _ body: (Int64) throws -> Bool
    ) throws {
        guard !bounds.isEmpty else { return }
        let levels = Array(shifts.enumerated())
        for (level, shift) in order == .newest ? levels : levels.reversed() {
            var rest = bounds.lowerBound >> shift...(bounds.upperBound - 1) >> shift
            while let block = try next(level, rest, order, database) {
                var found = try records(hash, level, block, shift, database).filter { bounds.contains($0) }
                if order == .newest { found.reverse() }
                for record in found { guard try body(record) else { return } }
                // Bounded: a block's number is a record's without its last bits.
                guard block != (order == .newest ? rest.lowerBound : rest.upperBound) else { break }
                rest = order == .newest ? rest.lowerBound...block - 1 : block + 1...rest.upperBound
            }
        }
    }

    /// The first or last block in a range that has marks.
    private static func next(
        _ level: Int, _ blocks: ClosedRange<Int64>, _ order: RecordQuery.Order, _ database: SQLiteConnection
    ) throws -> Int64? {
        let sql = """
            SELECT block FROM mark WHERE level = ? AND block >= ? AND block <= ? ORDER BY block \(order == .newest ? "DESC" : "ASC") LIMIT 1
            """
        let place: [SQLiteValue] = [.integer(Int64(level)), .integer(blocks.lowerBound), .integer(blocks.upperBound)]
        return try database.statement(sql).first(place) { try $0.number(0) }
    }

    /// The block's records that have a mark, ascending.
    private static func records(_ hash: Int64, _ level: Int, _ block: Int64, _ shift: Int64, _ database: SQLiteConnection) throws -> [Int64] {
        let (low, high) = (entry(hash, 0), entry(hash, -1))
        // They begin in the last row that begins with a smaller entry, if any; later rows begin with one of them.
        let rows = try database.statement("SELECT low, entries FROM mark WHERE level = ? AND block = ? AND low <= ? ORDER BY low DESC")
        var records: [Int64] = []
        // The bits of the number that are the same in the whole block and not part of an entry.
        let base = ((block << shift) >> slotBits) << slotBits
        try rows.forEach([.integer(Int64(level)), .integer(block), .integer(high)]) { row in
            let first = try row.number(0)
            try row.withBytes(1) { bytes in
                try forEachEntry(bytes) { entry in if (low...high).contains(entry) { records.append(base | entry & (1 << slotBits - 1)) } }
            }
            return first >= low
        }
        return records.sorted()
    }

    private static func forEachEntry(_ bytes: UnsafeRawBufferPointer, _ body: (Int64) -> Void) throws {
        guard bytes.count % entryBytes == 0 else { throw InquiryError.indexUnusable("one of its marks is none that it can have written") }
        for place in stride(from: 0, to: bytes.count, by: entryBytes) {
            let entry = bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)
            guard entry >= 0 else { throw InquiryError.indexUnusable("one of its marks is none that it can have written") }
            body(entry)
        }
    }
}

/// Collects the marks of one transaction of the index.
struct MarkBatch {
    private var entries: [Int64] = []
    /// The block of the lowest level with the newest record.
    private var block: Int64?
    /// Whether the table may have marks of that block already.
    private var isBegun = true

    /// - Parameter newest: the newest record in the index.
    init(newest: Int64?) {
        block = newest.map { $0 >> MarkTable.shifts[0] }
    }

    /// Called before a record's marks: writes the blocks that end before it.
    mutating func begin(_ record: Int64, _ database: SQLiteConnection) throws {
        let next = record >> MarkTable.shifts[0]
        guard next != block else { return }
        if let block {
            try write(database)
            for level in MarkTable.shifts.indices.dropFirst() {
                let upper = MarkTable.shifts[level] - MarkTable.shifts[0]
                let ended = block >> upper
                guard ended != next >> upper else { break }
                let bits = MarkTable.shifts[level] - MarkTable.shifts[level - 1]
                // Bounded: blocks' numbers are records' without their last bits.
                let parts = ended << bits...(ended + 1) << bits - 1
                try MarkTable.write(try MarkTable.take(level: level - 1, blocks: parts, database), level: level, block: ended, database)
            }
        }
        isBegun = block == nil
        block = next
    }

    mutating func add(_ hash: Int64, _ record: Int64) { entries.append(MarkTable.entry(hash, record)) }

    /// Writes the collected marks of the newest block.
    mutating func write(_ database: SQLiteConnection) throws {
        guard let block, !entries.isEmpty else { return }
        if isBegun { entries += try MarkTable.take(level: 0, blocks: block...block, database) }
        try MarkTable.write(entries, level: 0, block: block, database)
        entries.removeAll(keepingCapacity: true)
    }
}
