package import Audit

/// Compares the journal with the cloud's own traces: finds calls with our credential that did not come through the gateway, and calls of the gateway
/// that have no trace.
///
/// 1. A trace and a record belong together when HSS' request id is the same. If the trace has none: when the operation's name is the same except for
///    its case, and the times differ by at most the tolerance; each record and each trace counts once.
/// 2. Only calls that both can contain are compared: traces of the service within the journal's time, of access keys in the journal; and records
///    that reached HSS within the traces' time. Actions in the console or of the cloud itself use no access key and are not compared.
/// 3. CTS records changes. A missing trace of an export or a download counts only if CTS is known to record that operation, by its list or because
///    the file has a trace of it; one of a read only on request.
package struct Reconciliation: Sendable {
    /// A record that reached HSS, with the members that are compared.
    package struct Call: Sendable, Hashable {
        /// The journal that has the record.
        package var instance: String?
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
        /// The largest difference between the times of a trace and a record without a common request id.
        package var tolerance = Duration.seconds(5)
        /// CTS' name of the service.
        package var service = "hss"
        /// Whether reads must have a trace too.
        package var includesReads = false
        /// The operations that a trace's name can stand for.
        package var operations: @Sendable (String) -> [String] = { _ in [] }
        /// Whether CTS is known to record an operation.
        package var keeps: @Sendable (String) -> Bool = { _ in false }

        package init() {}
    }

    /// Traces of our credential without a record.
    package private(set) var unexplainedTraces: [CloudTrace] = []
    /// Records without a trace.
    package private(set) var unconfirmedCalls: [Call] = []
    package private(set) var matched = 0
    /// Traces of other services, other credentials, or outside the journal's time.
    package private(set) var ignoredTraces = 0
    /// Records outside the traces' time, or of operations that CTS isn't known to record.
    package private(set) var ignoredCalls = 0

    /// Whether both agree.
    package var agrees: Bool { unexplainedTraces.isEmpty && unconfirmedCalls.isEmpty }

    /// Compares.
    package init(traces: [CloudTrace], calls: [Call], scope: Scope = Scope()) {
        let tails = Set(calls.compactMap(\.accessKeyTail))
        let journalTime = Self.range(calls.map(\.time), scope.tolerance)
        let ours = traces.filter { trace in
            trace.service.lowercased() == scope.service && !trace.isWithoutKey && journalTime?.contains(trace.time) == true
                && trace.accessKey.map { key in tails.contains { key.hasSuffix($0) } } ?? true
        }
        ignoredTraces = traces.count - ours.count
        let traceTime = Self.range(traces.map(\.time), scope.tolerance)
        let comparable = calls.filter { traceTime?.contains($0.time) == true }
        ignoredCalls = calls.count - comparable.count
        // Record numbers are unique in one journal only; between several journals the position in this list
        // identifies a record.
        var taken = [Bool](repeating: false, count: comparable.count)
        let withID = comparable.indices.filter { comparable[$0].upstreamRequestID != nil }
        let byID = Dictionary(grouping: withID) { comparable[$0].upstreamRequestID ?? "" }
        var open: [CloudTrace] = []
        for trace in ours {
            if let id = trace.requestID, let call = byID[id]?.first(where: { !taken[$0] }) {
                taken[call] = true
                matched += 1
            } else {
                open.append(trace)
            }
        }
        let byName = Dictionary(grouping: comparable.indices.filter { !taken[$0] }) { comparable[$0].operation.lowercased() }
        for trace in open {
            let names = Set([trace.name.lowercased()] + scope.operations(trace.name).map { $0.lowercased() })
            let candidates = trace.requestID == nil ? names.flatMap { byName[$0] ?? [] } : []
            let nearest = candidates.filter { !taken[$0] && Self.distance(comparable[$0].time, trace.time) <= scope.tolerance }
                .min { Self.distance(comparable[$0].time, trace.time) < Self.distance(comparable[$1].time, trace.time) }
            if let nearest {
                taken[nearest] = true
                matched += 1
            } else {
                unexplainedTraces.append(trace)
            }
        }
        judge(comparable.indices.filter { !taken[$0] }.map { comparable[$0] }, traces, scope)
    }

    /// Calls without a trace: not recorded by CTS, or of a kind that it doesn't record.
    private mutating func judge(_ calls: [Call], _ traces: [CloudTrace], _ scope: Scope) {
        let seen = Set(
            traces.filter { $0.service.lowercased() == scope.service }.map(\.name)
                .flatMap { [$0.lowercased()] + scope.operations($0).map { $0.lowercased() } })
        for call in calls {
            let isRead = call.kind == Record.Kind.read.rawValue
            let isKept = call.kind == Record.Kind.write.rawValue || scope.keeps(call.operation) || seen.contains(call.operation.lowercased())
            if isRead ? scope.includesReads : isKept {
                unconfirmedCalls.append(call)
            } else {
                ignoredCalls += 1
            }
        }
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
    /// A record that ends an exchange which reached HSS; nil for any other.
    package init?(_ record: JournalRecord) {
        guard record.phase == .response, let operation = record[.operation] else { return nil }
        self.init(
            instance: record.instance, sequence: record.sequence, time: record.time, operation: operation, caller: record[.callerName] ?? "",
            kind: record[.kind] ?? "", upstreamRequestID: record[.upstreamRequestID], accessKeyTail: record[.accessKeyTail])
    }
}
