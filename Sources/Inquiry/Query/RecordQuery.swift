package import Audit

/// A query of records: the filters of `audit query`, of `/audit/records` and of the console, in one value. Every filter that is set must
/// match; a query without filters matches the whole journal.
///
/// It is evaluated in three equivalent ways: `matches` checks a record's line, `facets` finds it in the SQLite index, and `selection` in a
/// table of PostgreSQL.
package struct RecordQuery: Sendable, Hashable {
    /// Which end of the journal comes first.
    package enum Order: String, Sendable, CaseIterable {
        case newest, oldest
    }

    /// The caller's name.
    package var caller: String?
    /// The operation's documented name.
    package var operation: String?
    /// What the operation does.
    package var kind: Record.Kind?
    /// The project's name or id.
    package var project: String?
    /// How the exchange ended.
    package var outcome: Record.Outcome?
    /// Which moment of an exchange.
    package var phase: Record.Phase?
    /// The first instant of the period.
    package var since: Timestamp?
    /// The first instant after the period.
    package var until: Timestamp?
    /// The export task.
    package var task: String?
    /// The exported file, by HSS's id.
    package var file: String?
    /// The SHA-256 of a download's content, 64 digits.
    package var digest: String?
    /// The gateway that recorded it.
    package var instance: String?
    /// The exchange: the caller's request id, HSS's, or the record's own.
    package var requestID: String?
    /// Which end comes first.
    package var order = Order.newest
    /// Most records of one page.
    package var limit = RecordQuery.defaultLimit
    /// Where the page before this one ended.
    package var cursor: RecordCursor?

    /// The default size of a page.
    package static let defaultLimit = 100
    /// Most records of one page: some megabytes.
    package static let limitBound = 1_000

    /// Matches everything.
    package init() {}
}
