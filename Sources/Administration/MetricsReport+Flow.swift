import Gateway
import Policy

/// Flow control's figures as text.
extension MetricsReport {
    func flowFigures(_ out: inout Exposition) {
        let (flow, waiting) = (reading.flow, reading.waiting)
        out.family("hssgw_flow_waiting", .gauge, "Requests that wait for their turn before the cloud's quota.")
        out.sample("hssgw_flow_waiting", [], waiting.waiting.values.reduce(0, +))
        out.family("hssgw_flow_wait_seconds", .histogram, "How long requests waited for their turn before they left.")
        for (operation, histogram) in flow.waits { out.histogram("hssgw_flow_wait_seconds", [("operation", name(operation))], histogram) }
        out.family(
            "hssgw_flow_outlived_turns_total", .counter, "Turns that were given back because their request could not leave in time; it took another.")
        for (operation, count) in flow.outlived { out.sample("hssgw_flow_outlived_turns_total", [("operation", name(operation))], count) }
        out.family("hssgw_flow_quota_per_minute", .gauge, "The quota in force; credential is empty for what all credentials share.")
        for (operation, credential, quota) in waiting.quotas {
            out.sample(
                "hssgw_flow_quota_per_minute", [("operation", name(operation)), ("credential", credential ?? "")],
                Double(quota.limit) * (.seconds(60) / quota.period)
            )
        }
        out.family("hssgw_upstream_throttled_total", .counter, "Answers 429 of HSS; the requests took their turn again.")
        for (key, count) in flow.throttles {
            out.sample("hssgw_upstream_throttled_total", [("operation", name(key.operation)), ("credential", key.credential)], count)
        }
        out.family("hssgw_coalesced_total", .counter, "Requests that were answered by another request's call.")
        for (key, count) in flow.shared { out.sample("hssgw_coalesced_total", [("operation", name(key.operation)), ("how", key.how)], count) }
        out.family("hssgw_idempotent_replays_total", .counter, "Exports that were answered with the task that the same key made before.")
        out.sample("hssgw_idempotent_replays_total", [], flow.replays)
    }
}
