import Policy

/// One worker's counts of what was shared, held back and answered again. Labels come from the catalogue and the configuration.
struct FlowMeters: Sendable {
    /// Whose 429 it was.
    struct ThrottleKey: Hashable, Sendable {
        let operation: Int
        let credential: String
    }

    /// How an answer came to be shared.
    struct SharingKey: Hashable, Sendable {
        let operation: Int
        /// `in_flight` or `recent`.
        let how: String
    }

    var waits: [Int: Histogram] = [:]
    var throttles: [ThrottleKey: UInt64] = [:]
    var shared: [SharingKey: UInt64] = [:]
    var replays: UInt64 = 0

    mutating func add(_ other: FlowMeters) {
        for (key, histogram) in other.waits { waits[key, default: Histogram()].add(histogram) }
        throttles.merge(other.throttles, uniquingKeysWith: +)
        shared.merge(other.shared, uniquingKeysWith: +)
        replays += other.replays
    }
}

/// Flow control's figures as text.
extension FlowMeters {
    func write(to out: inout Exposition, flow: FlowControl.Reading, name: (Int?) -> String) {
        out.family("hssgw_flow_waiting", .gauge, "Requests that wait for their turn before the cloud's quota.")
        out.sample("hssgw_flow_waiting", [], flow.waiting.values.reduce(0, +))
        out.family("hssgw_flow_wait_seconds", .histogram, "How long requests waited for their turn before they left.")
        for (operation, histogram) in waits { out.histogram("hssgw_flow_wait_seconds", [("operation", name(operation))], histogram) }
        out.family("hssgw_flow_quota_per_minute", .gauge, "The quota in force; credential is empty for what all credentials share.")
        for (operation, credential, quota) in flow.quotas {
            out.sample(
                "hssgw_flow_quota_per_minute", [("operation", name(operation)), ("credential", credential ?? "")],
                Double(quota.limit) * (.seconds(60) / quota.period)
            )
        }
        out.family("hssgw_upstream_throttled_total", .counter, "Answers 429 of HSS; the requests took their turn again.")
        for (key, count) in throttles {
            out.sample("hssgw_upstream_throttled_total", [("operation", name(key.operation)), ("credential", key.credential)], count)
        }
        out.family("hssgw_coalesced_total", .counter, "Requests that were answered by another request's call.")
        for (key, count) in shared { out.sample("hssgw_coalesced_total", [("operation", name(key.operation)), ("how", key.how)], count) }
        out.family("hssgw_idempotent_replays_total", .counter, "Exports that were answered with the task that the same key made before.")
        out.sample("hssgw_idempotent_replays_total", [], replays)
    }
}
