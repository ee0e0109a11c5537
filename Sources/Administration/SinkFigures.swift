/// The state of one copy of the journal, for the metrics. The shippers belong to another module.
package struct SinkFigures: Sendable {
    package let name: String
    package let lagSeconds: Double
    package let shipped: UInt64
    package let errors: UInt64
    package let rejected: UInt64
    package let position: UInt64
    package let isConnected: Bool
    /// Whether segments that are not in it yet are kept.
    package let isRequired: Bool
    /// A fault that has lasted for a while, as a sentence without secrets; nil when it works.
    package let problem: String?

    package init(
        name: String, lagSeconds: Double, shipped: UInt64, errors: UInt64, rejected: UInt64, position: UInt64, isConnected: Bool,
        isRequired: Bool = false, problem: String? = nil
    ) {
        self.isRequired = isRequired
        self.problem = problem
        self.name = name
        self.lagSeconds = lagSeconds
        self.shipped = shipped
        self.errors = errors
        self.rejected = rejected
        self.position = position
        self.isConnected = isConnected
    }

    /// A required sink that is stuck keeps segments on the disk: a warning, since calls don't depend on it.
    var check: HealthCheck? {
        guard isRequired else { return nil }
        return HealthCheck(name: "sink:\(name)", state: problem.map { .warning("\($0); segments stay until it has them") } ?? .passing)
    }

    static func write(_ sinks: [SinkFigures], to out: inout Exposition) {
        guard !sinks.isEmpty else { return }
        out.family("hssgw_audit_ship_lag_seconds", .gauge, "Age of the oldest durable record that a sink has not got; 0 when it has all.")
        for sink in sinks { out.sample("hssgw_audit_ship_lag_seconds", [("sink", sink.name)], sink.lagSeconds) }
        out.family("hssgw_audit_ship_records_total", .counter, "Records that a sink took, repetitions included.")
        for sink in sinks { out.sample("hssgw_audit_ship_records_total", [("sink", sink.name)], sink.shipped) }
        out.family("hssgw_audit_ship_errors_total", .counter, "Times that a sink failed.")
        for sink in sinks { out.sample("hssgw_audit_ship_errors_total", [("sink", sink.name)], sink.errors) }
        out.family("hssgw_audit_ship_rejected_records_total", .counter, "Records that a sink refused for good.")
        for sink in sinks { out.sample("hssgw_audit_ship_rejected_records_total", [("sink", sink.name)], sink.rejected) }
        out.family("hssgw_audit_ship_position", .gauge, "The record that a sink needs next.")
        for sink in sinks { out.sample("hssgw_audit_ship_position", [("sink", sink.name)], sink.position) }
        out.family("hssgw_audit_ship_connected", .gauge, "Whether a sink is connected.")
        for sink in sinks { out.sample("hssgw_audit_ship_connected", [("sink", sink.name)], sink.isConnected ? 1 : 0) }
    }
}
