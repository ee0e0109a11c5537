import Audit

/// The times and positions of 64 consecutive records, as one row of the index: a row for each record costs SQLite some five thousand instructions,
/// and thirteen thousand with an index of facets.
struct RecordBlock {
    /// A record's position and time.
    struct Row {
        /// Microseconds since 1970, as the line says.
        let time: Int64
        /// Where the line begins in its segment; nil if there is no record of this number.
        let place: Int64?
    }

    /// Records of a block, as a power of two.
    static let shift: Int64 = 6
    private static let records: Int64 = 1 << shift
    /// A time and a position of eight bytes each, in this machine's byte order: an index isn't moved to another machine, and is rebuilt if its
    /// content is invalid.
    private static let rowBytes = 16
    private static let absent: Int64 = -1

    /// The number of its first record, without the bits that count within a block.
    let number: Int64
    private(set) var bytes: [UInt8]
    private static let empty = [UInt8](repeating: 0xFF, count: Int(records) * rowBytes)

    /// A block without a record.
    init(number: Int64) {
        self.number = number
        bytes = Self.empty
    }

    private init(number: Int64, stored: UnsafeRawBufferPointer) throws {
        guard stored.count == Self.empty.count else { throw InquiryError.indexUnusable("one of its blocks is none that it can have written") }
        for place in stride(from: 8, to: stored.count, by: Self.rowBytes) {
            let place = stored.loadUnaligned(fromByteOffset: place, as: Int64.self)
            guard place == Self.absent || (0...Int64(SequenceNumber.maximum.value)).contains(place) else {
                throw InquiryError.indexUnusable("one of its places is none that it can have written")
            }
        }
        self.number = number
        bytes = Array(stored)
    }

    /// The numbers of its existing records, ascending.
    var numbers: [Int64] {
        // Bounded: a block's number is a record's without its last bits.
        (0..<Self.records).map { number << Self.shift + $0 }.filter { row($0).place != nil }
    }

    mutating func set(_ record: Int64, time: Int64, place: Int64) {
        let offset = Self.offset(record)
        bytes.withUnsafeMutableBytes { bytes in
            bytes.storeBytes(of: time, toByteOffset: offset, as: Int64.self)
            bytes.storeBytes(of: place, toByteOffset: offset + 8, as: Int64.self)
        }
    }

    /// The data of one of its records.
    func row(_ record: Int64) -> Row {
        let offset = Self.offset(record)
        return bytes.withUnsafeBytes { bytes in
            let place = bytes.loadUnaligned(fromByteOffset: offset + 8, as: Int64.self)
            return Row(time: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self), place: place == Self.absent ? nil : place)
        }
    }

    // Bounded: 63 rows of 16 bytes.
    private static func offset(_ record: Int64) -> Int { Int(record & (records - 1)) * rowBytes }

    // MARK: - The table

    /// The first or last block in a range that has records; nil when there is none.
    static func next(in blocks: ClosedRange<Int64>, _ order: RecordQuery.Order, _ database: SQLiteConnection) throws -> RecordBlock? {
        let sql = """
            SELECT block, rows FROM record WHERE block >= ? AND block <= ? ORDER BY block \(order == .newest ? "DESC" : "ASC") LIMIT 1
            """
        return try database.statement(sql).first([.integer(blocks.lowerBound), .integer(blocks.upperBound)]) { row in
            let number = try row.number(0)
            return try row.withBytes(1) { try RecordBlock(number: number, stored: $0) }
        }
    }

    func write(_ database: SQLiteConnection) throws {
        try database.execute("INSERT OR REPLACE INTO record VALUES (?, ?)", .integer(number), .bytes(bytes))
    }
}

/// Caches the last block: consecutive queries are mostly about records in the same block.
struct RecordBlocks {
    private var block: RecordBlock?

    /// The data of a record in the index.
    mutating func row(_ record: Int64, _ database: SQLiteConnection) throws -> RecordBlock.Row? {
        let number = record >> RecordBlock.shift
        if block?.number != number { block = try RecordBlock.next(in: number...number, .oldest, database) }
        return block?.row(record)
    }

    /// Caches a block.
    mutating func take(_ block: RecordBlock) { self.block = block }
}
