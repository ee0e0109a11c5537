extension LimitSettings {
    /// A body is held in memory to be signed, so this bounds the memory for one request.
    static let bodyBounds = ByteCount.kibibytes(1)...ByteCount.gibibytes(1)
    static let allBodiesBounds = ByteCount.mebibytes(1)...ByteCount.gibibytes(1_024)
    static let headerBounds = ByteCount.kibibytes(1)...ByteCount.mebibytes(1)
    static let tokenBounds = ByteCount.kibibytes(1)...ByteCount.kibibytes(64)
    static let connectionBounds = 1...1_000_000

    init(_ reader: SectionReader) {
        requestBody = reader.read("request_body", .byteCount(Self.bodyBounds), default: .mebibytes(12))
        bodies = reader.read("bodies", .byteCount(Self.allBodiesBounds), default: .mebibytes(256))
        headerBlock = reader.read("header_block", .byteCount(Self.headerBounds), default: .kibibytes(64))
        token = reader.read("token", .byteCount(Self.tokenBounds), default: .kibibytes(8))
        headerTimeout = reader.read("header_timeout", .duration, default: .seconds(10))
        idleTimeout = reader.read("idle_timeout", .duration, default: .seconds(60))
        connections = reader.read("connections", .integer(Self.connectionBounds), default: 10_000)
        inFlight = reader.read("in_flight", .integer(Self.connectionBounds), default: 4_096)
        sameKey = reader.read("same_key", .integer(Self.connectionBounds), default: 64)
        let refusals = reader.section("refusals")
        refusalsPerSource = refusals.read("per_source", .rate, default: Rate(count: 10, period: .seconds(1)))
        refusalsDisk = refusals.read("disk", .percentage(1...50), default: Percentage(5))
        drain = reader.read("drain", .duration, default: .seconds(30))
        drainDelay = reader.read("drain_delay", .delay, default: .zero)
    }
}

extension LogSettings {
    init(_ reader: SectionReader) {
        level = reader.read("level", .word, default: .info)
        format = reader.read("format", .word, default: .auto)
        requests = reader.read("requests", .word, default: .off)
        requestsTo = reader.read("requests_to", .word, default: .stdout)
    }
}
