extension LimitSettings {
    /// A body is held in memory to be signed, so the ceiling is what one request may cost.
    static let bodyBounds = ByteCount.kibibytes(1)...ByteCount.gibibytes(1)
    static let allBodiesBounds = ByteCount.mebibytes(1)...ByteCount.gibibytes(1_024)
    static let headerBounds = ByteCount.kibibytes(1)...ByteCount.mebibytes(1)
    static let connectionBounds = 1...1_000_000

    init(_ reader: SectionReader) {
        requestBody = reader.read("request_body", .byteCount(Self.bodyBounds), default: .mebibytes(12))
        bodies = reader.read("bodies", .byteCount(Self.allBodiesBounds), default: .mebibytes(256))
        headerBlock = reader.read("header_block", .byteCount(Self.headerBounds), default: .kibibytes(64))
        headerTimeout = reader.read("header_timeout", .duration, default: .seconds(10))
        idleTimeout = reader.read("idle_timeout", .duration, default: .seconds(60))
        connections = reader.read("connections", .integer(Self.connectionBounds), default: 10_000)
        inFlight = reader.read("in_flight", .integer(Self.connectionBounds), default: 4_096)
        drain = reader.read("drain", .duration, default: .seconds(30))
    }
}

extension LogSettings {
    init(_ reader: SectionReader) {
        level = reader.read("level", .word, default: .info)
        format = reader.read("format", .word, default: .auto)
    }
}
