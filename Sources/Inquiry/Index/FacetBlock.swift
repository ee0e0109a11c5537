import Audit

/// The records of one facet among 4,096 consecutive ones, as one row of the index: two bytes each, ascending.
enum FacetBlock {
    /// Records of a block, as a power of two.
    static let shift: Int64 = 12
    private static let slots: Int64 = 1 << shift

    /// Appends a record to the bytes of those before it.
    static func append(_ record: Int64, to bytes: inout [UInt8]) {
        let slot = record & (slots - 1)
        bytes.append(UInt8(truncatingIfNeeded: slot))
        bytes.append(UInt8(truncatingIfNeeded: slot >> 8))
    }

    /// Writes what was appended, after the content of an existing row.
    static func write(_ bytes: [UInt8], block: Int64, facet: Int64, isBegun: Bool, _ database: SQLiteConnection) throws {
        var all = bytes
        if isBegun {
            let before = try database.statement("SELECT slots FROM facet_block WHERE facet = ? AND block = ?")
            if let stored = try before.first([.integer(facet), .integer(block)], { try $0.withBytes(0) { Array($0) } }) { all = stored + bytes }
        }
        try database.execute("INSERT OR REPLACE INTO facet_block VALUES (?, ?, ?)", .integer(facet), .integer(block), .bytes(all))
    }

    /// The facet's first or last block in a range: its number, and its records' numbers, ascending.
    static func next(
        of facet: Int64, in blocks: ClosedRange<Int64>, _ order: RecordQuery.Order, _ database: SQLiteConnection
    ) throws -> (number: Int64, records: [Int64])? {
        let sql = """
            SELECT block, slots FROM facet_block WHERE facet = ? AND block >= ? AND block <= ?
            ORDER BY block \(order == .newest ? "DESC" : "ASC") LIMIT 1
            """
        return try database.statement(sql).first([.integer(facet), .integer(blocks.lowerBound), .integer(blocks.upperBound)]) { row in
            let number = try row.number(0)
            return (number, try row.withBytes(1) { try records(of: number, $0) })
        }
    }

    private static func records(of block: Int64, _ bytes: UnsafeRawBufferPointer) throws -> [Int64] {
        var records: [Int64] = []
        records.reserveCapacity(bytes.count / 2)
        var least: Int64 = 0
        for place in stride(from: 0, to: bytes.count - 1, by: 2) {
            let slot = Int64(bytes[place]) | Int64(bytes[place + 1]) << 8
            guard slot >= least, slot < slots else { throw InquiryError.indexUnusable("one of its facets is none that it can have written") }
            // Bounded: a slot has 12 bits, and a block's number is a record's without its last ones.
            least = slot + 1
            records.append(block << shift + slot)
        }
        return records
    }
}
