import Audit
package import Codecs

/// The two records of one exchange: its request and its end.
package struct RecordedExchange: Sendable {
    /// The record that was written before the request was sent; nil if the durability didn't require it.
    package let request: JournalRecord?
    /// The record that was written when it ended; nil while it is open.
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
    /// How long the exchange waited for its turn under HSS's quota, microseconds; nil if it didn't wait.
    var waited: Int64? {
        let detail = raw(.detail).map(Array.init) ?? []
        return detail.withUnsafeBytes { RecordFields($0)?.integer(.waited) }
    }
}

extension RecordedExchange {
    /// Filters of exchanges that no index covers: records that don't match are read and skipped.
    package struct Filter: Sendable, Hashable {
        /// A text that occurs in the record's ids, names, reason, digest or code; ASCII letters match in either case.
        package var text: String?
        package var errorCode: String?
        package var rule: String?
        package var credential: String?
        package var address: String?

        package init() {}

        /// The members in which `text` is searched.
        private static let searched: [RecordField] = [
            .id, .requestID, .upstreamRequestID, .callerName, .callerAddress, .operation, .projectName, .projectID, .taskID, .fileID, .reason,
            .errorCode,
            .rule, .responseSHA256, .path,
        ]

        package var isEmpty: Bool { self == Self() }

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
}

extension RecordedExchange {
    /// One page of exchanges.
    package struct Page: Sendable {
        package fileprivate(set) var exchanges: [RecordedExchange] = []
        /// Where the next page begins; nil when this is the last.
        package fileprivate(set) var next: RecordCursor?
        /// The position after the newest record that was read: where a tail continues.
        package fileprivate(set) var newest: RecordCursor?
        /// False when the deadline came before the page was full.
        package fileprivate(set) var isComplete = true

        package init() {}
    }
}

extension RecordSource {
    /// Records that are read at a time.
    private var exchangeGroup: Int { 200 }
    /// The minimum number of records whose exchanges are read at a time.
    private var leastTogether: Int { 25 }

    /// One page of the exchanges that a query matches: each at the position of its closing record, or of its
    /// request record while it is open.
    ///
    /// - Parameters:
    ///   - query: the filters; a record of the exchange has to match all of them.
    ///   - deadline: when the search stops, even if the page is not full; its cursor says where to continue.
    package func exchanges(
        _ query: RecordQuery, _ filter: RecordedExchange.Filter, deadline: ContinuousClock.Instant
    ) throws(InquiryError) -> RecordedExchange.Page {
        var page = RecordedExchange.Page()
        if query.order == .newest, query.cursor == nil { page.newest = try newest() } else { page.newest = query.cursor }
        var (part, bytes) = (query, 0)
        part.limit = filter.isEmpty ? min(RecordQuery.limitBound, query.limit.saturatingSum(query.limit)) : exchangeGroup
        while true {
            let found = try self.page(part)
            var (known, end) = ([String: [JournalRecord]]?.none, 0)
            for (index, record) in found.records.enumerated() {
                let place = cursor(behind: record)
                if query.order == .oldest { page.newest = place }
                if index == end {
                    // As many as fit on the page, and no more than fit into memory.
                    let rest = found.records[index...]
                    let most = max(leastTogether, query.limit.saturatingDifference(page.exchanges.count))
                    let piece = rest.prefix(bounds.piece(largest: rest.prefix(most).map(\.line.count).max() ?? 0, most: most))
                    known = try exchanges(of: piece.filter { [.request, .response].contains($0.phase) && filter.matches($0) })
                    end = piece.endIndex
                }
                if record.phase != .event, filter.matches(record), let exchange = try exchange(at: record, known, query, filter) {
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

    /// The position after the newest record.
    private func newest() throws(InquiryError) -> RecordCursor? {
        var query = RecordQuery()
        query.limit = 1
        return try page(query).records.first.map(cursor(behind:))
    }

    /// The exchange that is listed at a record; nil for a request record whose exchange has ended, since it is listed at its end.
    ///
    /// - Parameter known: exchanges that were read already.
    private func exchange(
        at record: JournalRecord, _ known: [String: [JournalRecord]]?, _ query: RecordQuery, _ filter: RecordedExchange.Filter
    ) throws(InquiryError) -> RecordedExchange? {
        func partner(isBehind: Bool) throws(InquiryError) -> JournalRecord? {
            guard let known else { return try self.partner(of: record, isBehind: isBehind) }
            let others = (known[record[.id] ?? ""] ?? []).filter { other in
                let isLater = (other.time.microseconds, other.sequence) > (record.time.microseconds, record.sequence)
                return other.copiedFrom == record.copiedFrom && isLater == isBehind && other.sequence != record.sequence
                    && (other.phase == .request) != isBehind
            }
            return isBehind ? others.first : others.last
        }
        guard record.phase == .request else {
            return RecordedExchange(request: record.phase == .response ? try partner(isBehind: false) : nil, end: record)
        }
        guard let end = try partner(isBehind: true) else { return RecordedExchange(request: record, end: nil) }
        return query.matches(end) && filter.matches(end) ? nil : RecordedExchange(request: record, end: end)
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
        // The request record is older than the end by the exchange's duration, unless the clock was set in between.
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
