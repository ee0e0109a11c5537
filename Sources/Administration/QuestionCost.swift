import Audit
import Inquiry

/// What a question to the journal may cost.
enum QuestionCost {
    /// Nothing: it is answered from memory.
    case nothing
    /// A lookup in the index.
    case lookup
    /// A wait for new records, which reads only these.
    case wait
    /// Reads many records, and may take seconds.
    case search

    /// Nil if the request is no question to the journal.
    init?(_ request: Request) {
        guard let route = request.match?.route, route.hasPrefix("/audit/") else { return nil }
        switch route {
        case "/audit/verifications", "/audit/verifications/:id", "/audit/checkpoint", "/audit/public-key": self = .nothing
        case "/audit/verify", "/audit/exports", "/audit/exports/:task/bundle": self = .search
        case "/audit/histogram", "/audit/usage", "/audit/attention": self = Self.isLong(request) ? .search : .lookup
        case "/audit/exchanges":
            let isFiltered = request.parameters.contains { Self.unindexed.contains($0.name) }
            self = request.parameter("after") != nil ? .wait : isFiltered ? .search : .lookup
        default: self = .lookup
        }
    }

    /// Filters that no index covers: every record is read.
    private static let unindexed: Set<String> = ["text", "rule", "address", "code", "error_code", "credential"]
    /// The longest period whose sums are few, microseconds: 48 hours.
    private static let usualPeriod: Int64 = 172_800_000_000

    private static func isLong(_ request: Request) -> Bool {
        let now = Timestamp.now()
        guard let since = request.parameter("since").flatMap({ TimeText.read($0, now: now) }) else { return false }
        let until = request.parameter("until").flatMap { TimeText.read($0, now: now) } ?? now
        return until.microseconds.saturatingDifference(since.microseconds) > usualPeriod
    }
}
