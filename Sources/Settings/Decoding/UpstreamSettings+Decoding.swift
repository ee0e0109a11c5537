extension UpstreamSettings {
    /// More connections per host and worker bring no benefit.
    static let connectionBounds = 1...4096
    /// Retries multiply the load when the upstream already has problems.
    static let attemptBounds = 1...5
    static let queueBounds = 1...1_000_000

    init(_ reader: SectionReader) {
        connectTimeout = reader.read("connect_timeout", .duration, default: .seconds(3))
        firstByteTimeout = reader.read("first_byte_timeout", .duration, default: .seconds(30))
        idleTimeout = reader.read("idle_timeout", .duration, default: .seconds(60))
        totalTimeout = reader.read("total_timeout", .duration, default: .seconds(600))
        connectionLifetime = reader.read("connection_lifetime", .duration, default: .seconds(120))
        connections = reader.read("connections", .integer(Self.connectionBounds), default: 64)
        http2 = reader.read("http2", .word, default: .auto)
        authorityFile = reader.file("ca_file", .authorities)
        pinnedPublicKey = reader.optional("pinned_public_key", .pinnedPublicKey)
        (proxy, noProxy) = Self.proxy(reader)
        retry = Retry(reader.section("retry"))
        flowControl = Self.flowControl(reader)
        coalescing = Self.coalescing(reader)
    }

    private static func flowControl(_ reader: SectionReader) -> FlowControl {
        guard let node = reader.node("flow_control"), node.entries != nil else {
            switch reader.read("flow_control", FlowControlWord.kind, default: .adaptive) {
            case .adaptive: return .adaptive(.usual)
            case .off: return .off
            }
        }
        let section = reader.section("flow_control")
        let waiting = Waiting(section)
        // The pace is fixed only if one is configured; the maximum wait applies to both kinds.
        guard section.node("per_operation") != nil || section.node("per_api") != nil else { return .adaptive(waiting) }
        return .fixed(FixedPace(section), waiting)
    }

    private static func coalescing(_ reader: SectionReader) -> Coalescing {
        if let node = reader.node("coalesce"), node.entries == nil {
            _ = reader.read("coalesce", OffWord.kind, default: .off)
            return .off
        }
        // If the section is absent, only polls are shared; if it is present, other reads are shared by default as well.
        let section = reader.section("coalesce")
        return .on(
            polls: section.read("polls", .duration, default: .seconds(2)),
            reads: section.read("reads", .boolean, default: reader.node("coalesce") != nil)
        )
    }

    private enum OffWord: String, CaseIterable {
        case off
        static var kind: ScalarKind<OffWord> { .word }
    }

    private enum FlowControlWord: String, CaseIterable {
        case adaptive
        case off
        static var kind: ScalarKind<FlowControlWord> { .word }
    }
}

extension UpstreamSettings.Retry {
    init(_ reader: SectionReader) {
        attempts = reader.read("attempts", .integer(UpstreamSettings.attemptBounds), default: 2)
        reasons = reader.list("on", .word, default: Reason.allCases)
    }
}

extension UpstreamSettings.FixedPace {
    init(_ reader: SectionReader) {
        // The quota that HSS documents: 5 a minute per user, address and API, 600 a minute per API in all.
        perOperation = reader.read("per_operation", .rate, default: Rate(count: 5, period: .seconds(60)))
        perAPI = reader.read("per_api", .rate, default: Rate(count: 600, period: .seconds(60)))
    }
}

extension UpstreamSettings.Waiting {
    /// The defaults.
    static let usual = UpstreamSettings.Waiting(longest: .seconds(30), queue: 1_000)

    init(_ reader: SectionReader) {
        longest = reader.read("max_wait", .duration, default: Self.usual.longest)
        queue = reader.read("queue", .integer(UpstreamSettings.queueBounds), default: Self.usual.queue)
    }
}
