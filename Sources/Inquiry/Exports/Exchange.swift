import Audit
package import Codecs

/// A request and its end as one thing.
package struct Exchange: Sendable {
    /// What was written before the request left; nothing where durability didn't ask for it.
    package let request: JournalRecord?
    /// What was written when it ended; nothing while it is open.
    package let end: JournalRecord?

    private var records: [JournalRecord] { [request, end].compactMap(\.self) }
    var bytes: Int { records.reduce(0) { $0 + $1.line.count } }

    /// One row of `/audit/exchanges`.
    package func write(to json: inout JSONWriter) {
        let newest = end ?? request
        json.object { json in
            json.member("id", newest?[.id])
            json.member("instance", newest?.instance)
            json.list("seqs", records) { json, record in json.value(Int64(record.sequence)) }
            json.key("open")
            json.value(end == nil)
            json.member("outcome", end?[.outcome])
            json.member(RecordDetail.waited.rawValue, end?.waited)
            if let request {
                json.key("request")
                json.raw(request.line)
            }
            if let end {
                json.key("end")
                json.raw(end.line)
            }
        }
    }
}

extension JournalRecord {
    /// How long the exchange waited for its turn before HSS's quota, microseconds; nothing where it didn't have to.
    var waited: Int64? {
        let detail = raw(.detail).map(Array.init) ?? []
        return detail.withUnsafeBytes { RecordFields($0)?.integer(.waited) }
    }
}

/// Filters of exchanges that no index knows: what they leave out is read and passed over.
package struct ExchangeFilter: Sendable, Hashable {
    /// Stands somewhere in the record's ids, names, reason, digest or code, whatever the case of ASCII letters.
    package var text: String?
    package var errorCode: String?
    package var rule: String?
    package var credential: String?
    package var address: String?

    package init() {}

    /// Where `text` is looked for.
    private static let searched: [RecordField] = [
        .id, .requestID, .upstreamRequestID, .callerName, .callerAddress, .operation, .projectName, .projectID, .taskID, .fileID, .reason, .errorCode,
        .rule, .responseSHA256, .path,
    ]

    package var isEmpty: Bool { self == ExchangeFilter() }

    func matches(_ record: JournalRecord) -> Bool {
        if let errorCode, record[.errorCode] != errorCode { return false }
        if let rule, record[.rule] != rule { return false }
        if let credential, record[.credentialName] != credential { return false }
        if let address, record[.callerAddress] != address { return false }
        guard let text else { return true }
        let wanted = text.lowercased()
        return Self.searched.contains { record[$0]?.lowercased().contains(wanted) ?? false }
    }
}

/// One page of exchanges.
package struct ExchangePage: Sendable {
    package fileprivate(set) var exchanges: [Exchange] = []
    /// Where the next page begins; nothing when this is the last.
    package fileprivate(set) var next: RecordCursor?
    /// Behind the newest record that was looked at: where a tail goes on.
    package fileprivate(set) var newest: RecordCursor?
    /// False where the time was over before the page was full.
    package fileprivate(set) var isComplete = true

    package init() {}
}

extension RecordSource {
    /// Records that are read at a time.
    private var exchangeGroup: Int { 200 }

    /// One page of the exchanges that a query asks for: each stands where it ended, or began where it hasn't.
    ///
    /// - Parameters:
    ///   - query: the filters; a record of the exchange has to match all of them.
    ///   - deadline: when looking ends, whatever was found; the page says where to go on.
    package func exchanges(
        _ query: RecordQuery, _ filter: ExchangeFilter, deadline: ContinuousClock.Instant
    ) throws(InquiryError) -> ExchangePage {
        var page = ExchangePage()
        if query.order == .newest, query.cursor == nil { page.newest = try newest() } else { page.newest = query.cursor }
        var (part, bytes) = (query, 0)
        part.limit = filter.isEmpty ? min(RecordQuery.limitBound, query.limit.saturatingSum(query.limit)) : exchangeGroup
        while true {
            let found = try self.page(part)
            for (index, record) in found.records.enumerated() {
                let place = cursor(behind: record)
                if query.order == .oldest { page.newest = place }
                if record.phase != .event, filter.matches(record), let exchange = try exchange(at: record, query, filter) {
                    page.exchanges.append(exchange)
                    bytes = bytes.saturatingSum(exchange.bytes)
                }
                let isLast = index + 1 == found.records.count && found.next == nil
                guard !isLast else { return page }
                let isLate = ContinuousClock.now > deadline
                guard page.exchanges.count == query.limit || bytes > bounds.bytes || isLate else { continue }
                page.next = place
                page.isComplete = !isLate || page.exchanges.count == query.limit
                return page
            }
            guard let next = found.next else { return page }
            part.cursor = next
        }
    }

    /// Behind the newest record of all.
    private func newest() throws(InquiryError) -> RecordCursor? {
        var query = RecordQuery()
        query.limit = 1
        return try page(query).records.first.map(cursor(behind:))
    }

    /// The exchange that has its place at a record; nothing where that is its request and its end has the place.
    private func exchange(at record: JournalRecord, _ query: RecordQuery, _ filter: ExchangeFilter) throws(InquiryError) -> Exchange? {
        guard record.phase == .request else {
            return Exchange(request: record.phase == .response ? try partner(of: record, isBehind: false) : nil, end: record)
        }
        guard let end = try partner(of: record, isBehind: true) else { return Exchange(request: record, end: nil) }
        return query.matches(end) && filter.matches(end) ? nil : Exchange(request: record, end: end)
    }

    /// The other record of an exchange: the end of a request, or the request of an end.
    private func partner(of record: JournalRecord, isBehind: Bool) throws(InquiryError) -> JournalRecord? {
        guard let id = record[.id] else { return nil }
        var query = RecordQuery()
        query.requestID = id
        query.instance = record.copiedFrom
        query.order = isBehind ? .oldest : .newest
        query.cursor = cursor(behind: record)
        query.limit = 1
        // A request came no longer before its end than the exchange took, give or take a clock that was set.
        let slack: Int64 = 3_600_000_000
        if !isBehind, let duration = record.integer(.duration) {
            query.since = Timestamp(microseconds: max(0, record.time.microseconds.saturatingDifference(duration.saturatingSum(slack))))
        }
        var found: JournalRecord?
        try forEach(query) { other in
            if other[.id] == id, (other.phase == .request) != isBehind { found = other }
            return found == nil
        }
        return found
    }
}
