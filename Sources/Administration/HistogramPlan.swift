import Audit
import Codecs
import Inquiry

/// What each bucket of `/audit/histogram` contains.
struct HistogramPlan: Sendable {
    /// The value by which exchanges are counted.
    enum Dimension: String, Sendable, CaseIterable {
        case outcome, caller, operation, kind
        case errorCode = "error_code"
    }

    /// What is computed over all of a bucket's exchanges.
    enum Measure: String, Sendable, CaseIterable {
        case count, p50, p99, exports, bytes
    }

    struct Bucket: Sendable {
        fileprivate var count: Int64 = 0
        fileprivate var exports: Int64 = 0
        fileprivate var bytes: Int64 = 0
        fileprivate var durations = DurationHistogram()
        fileprivate var counts: [Dimension: [String: Int64]] = [:]
    }

    let by: Set<Dimension>
    let measures: Set<Measure>
    /// Codes of all ends; otherwise of refusals alone.
    let countsEveryCode: Bool

    /// The most values of one dimension in a bucket; the others are counted together.
    private static let mostValues = 1_000
    private static let others = "(others)"

    /// The dimensions that the rollups have to distinguish for it.
    var tells: Set<RollupQuestion.Dimension> {
        if by.contains(.operation) || by.contains(.kind) { return [.everything] }
        return by.contains(.caller) ? [.caller] : []
    }

    func add(_ group: RollupGroup, _ rollup: Rollup, to bucket: inout Bucket) {
        bucket.count = bucket.count.saturatingSum(rollup.count)
        if group.isExport { bucket.exports = bucket.exports.saturatingSum(rollup.count) }
        if group.isDownload { bucket.bytes = bucket.bytes.saturatingSum(rollup.bytes) }
        if measures.contains(.p50) || measures.contains(.p99) { bucket.durations.add(rollup.durations) }
        for dimension in by {
            guard let value = value(of: group, dimension) else { continue }
            var counts = bucket.counts[dimension] ?? [:]
            let key = counts.count < Self.mostValues || counts[value] != nil ? value : Self.others
            counts[key] = (counts[key] ?? 0).saturatingSum(rollup.count)
            bucket.counts[dimension] = counts
        }
    }

    private func value(of group: RollupGroup, _ dimension: Dimension) -> String? {
        switch dimension {
        case .outcome: group.outcome
        case .caller: group.caller
        case .operation: group.operation
        case .kind: group.kind
        case .errorCode: group.errorCode.isEmpty || !countsEveryCode && !group.isRefusal ? nil : group.errorCode
        }
    }

    func write(_ bucket: Bucket, at time: Timestamp, to json: inout JSONWriter) {
        json.object { json in
            json.member("t", time.description)
            for dimension in Dimension.allCases where by.contains(dimension) {
                json.object(dimension.rawValue) { json in
                    for (value, count) in (bucket.counts[dimension] ?? [:]).sorted(by: { $0.key < $1.key }) { json.member(value, count) }
                }
            }
            if measures.contains(.count) { json.member("count", bucket.count) }
            for (measure, share) in [(Measure.p50, 0.5), (.p99, 0.99)] where measures.contains(measure) {
                json.key("\(measure.rawValue)_us")
                if let value = bucket.durations.quantile(share) { json.value(value) } else { json.null() }
            }
            if measures.contains(.exports) { json.member("exports", bucket.exports) }
            if measures.contains(.bytes) { json.member("bytes", bucket.bytes) }
        }
    }
}
