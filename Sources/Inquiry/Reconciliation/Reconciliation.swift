package import Audit

/// The journal beside the cloud's own account: which calls our credential made that did not come through the gateway, and which of the gateway's
/// calls the cloud doesn't know.
///
/// 1. A trace and a record belong together when HSS' request id is the same. Where the trace has none: when the operation's name is the same but for
///    its case, and the times differ by at most the tolerance; each record and each trace counts once.
/// 2. Only what both can know is compared: traces of the service within the journal's time, of access keys that the journal knows; and records
///    that reached HSS within the traces' time. CTS records what changes something: records of reads are missing there and count only when
///    the file has traces of reads.
package struct Reconciliation: Sendable {
    /// A record that reached HSS, in so far as it is compared.
    package struct Call: Sendable, Hashable {
        package let sequence: UInt64
        package let time: Timestamp
        package let operation: String
        package let caller: String
        package let kind: String
        package let upstreamRequestID: String?
        package let accessKeyTail: String?
    }

    /// What is compared.
    package struct Scope: Sendable {
        /// How far the times of a trace and a record may differ when nothing better joins them.
        package var tolerance = Duration.seconds(5)
        /// CTS' name of the service.
        package var service = "hss"
        /// Whether reads must have a trace too.
        package var includesReads = false

        package init() {}
    }

    /// Traces of our credential that no record explains.
    package private(set) var unexplainedTraces: [CloudTrace] = []
    /// Records that no trace confirms.
    package private(set) var unconfirmedCalls: [Call] = []
    package private(set) var matched = 0
    /// Traces of other services, other credentials, or outside the journal's time.
    package private(set) var ignoredTraces = 0
    /// Records outside the traces' time, or reads.
    package private(set) var ignoredCalls = 0

    /// Whether both say the same.
    package var agrees: Bool { unexplainedTraces.isEmpty && unconfirmedCalls.isEmpty }

    /// Compares.
    package init(traces: [CloudTrace], calls: [Call], scope: Scope = Scope()) {
        let tails = Set(calls.compactMap(\.accessKeyTail))
        let journalTime = Self.range(calls.map(\.time), scope.tolerance)
        let ours = traces.filter { trace in
            trace.service.lowercased() == scope.service && journalTime?.contains(trace.time) == true
                && trace.accessKey.map { key in tails.contains { key.hasSuffix($0) } } ?? true
        }
        ignoredTraces = traces.count - ours.count
        let traceTime = Self.range(traces.map(\.time), scope.tolerance)
        let comparable = calls.filter { traceTime?.contains($0.time) == true }
        var taken: Set<UInt64> = []
        var open: [CloudTrace] = []
        let byID = Dictionary(grouping: comparable.filter { $0.upstreamRequestID != nil }, by: { $0.upstreamRequestID ?? "" })
        for trace in ours {
            if let id = trace.requestID, let call = byID[id]?.first(where: { !taken.contains($0.sequence) }) {
                taken.insert(call.sequence)
                matched += 1
            } else {
                open.append(trace)
            }
        }
        let byName = Dictionary(grouping: comparable.filter { !taken.contains($0.sequence) }, by: { $0.operation.lowercased() })
        for trace in open {
            let candidates = trace.requestID == nil ? byName[trace.name.lowercased()] ?? [] : []
            let nearest = candidates.filter { !taken.contains($0.sequence) && Self.distance($0.time, trace.time) <= scope.tolerance }
                .min { Self.distance($0.time, trace.time) < Self.distance($1.time, trace.time) }
            if let nearest {
                taken.insert(nearest.sequence)
                matched += 1
            } else {
                unexplainedTraces.append(trace)
            }
        }
        for call in comparable where !taken.contains(call.sequence) {
            if call.kind == Record.Kind.read.rawValue, !scope.includesReads { ignoredCalls += 1 } else { unconfirmedCalls.append(call) }
        }
        ignoredCalls += calls.count - comparable.count
    }

    private static func distance(_ left: Timestamp, _ right: Timestamp) -> Duration {
        left > right ? left.since(right) : right.since(left)
    }

    private static func range(_ times: [Timestamp], _ tolerance: Duration) -> ClosedRange<Timestamp>? {
        guard let first = times.min(), let last = times.max() else { return nil }
        let slack = tolerance.wholeMicroseconds
        return Timestamp(
            microseconds: first.microseconds.saturatingDifference(slack))...Timestamp(microseconds: last.microseconds.saturatingSum(slack))
    }
}

extension Reconciliation.Call {
    /// A record that ends an exchange which reached HSS; nothing for any other.
    package init?(_ record: JournalRecord) {
        guard record.phase == .response, let operation = record[.operation] else { return nil }
        self.init(
            sequence: record.sequence, time: record.time, operation: operation, caller: record[.callerName] ?? "", kind: record[.kind] ?? "",
            upstreamRequestID: record[.upstreamRequestID], accessKeyTail: record[.accessKeyTail])
    }
}
