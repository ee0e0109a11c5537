import Audit
import Logging
import Recollection
import Settings
import Shipping
import Transport

/// Makes the webhooks of callers: one reader of the journal for each.
enum WebhookAssembly {
    /// - Parameter current: the settings in force, for limits that a reload may change.
    static func shippers(
        _ settings: GatewaySettings, _ journal: Journal, _ memory: Memory, current: @escaping @Sendable () -> GatewaySettings, _ logger: Logger
    ) throws(Failure) -> [Shipper] {
        let view = JournalView(directory: settings.audit.directory, instance: Instance.name) { journal.durable }
        // No port is open yet, so no later record is missed, even if the webhook's thread starts late.
        let beginning = journal.durable
        var shippers: [Shipper] = []
        for caller in settings.callers {
            guard let notify = caller.notify else { continue }
            let name = caller.name
            var endpoint = try SinkEndpoints.endpoint(notify.url, headersFile: nil, authorityFile: settings.upstream.authorityFile)
            endpoint.transport.totalTimeout = patience
            endpoint.transport.firstByteTimeout = patience
            let target = WebhookSink.Target(
                caller: name, endpoint: endpoint, secretFile: notify.secretFile,
                events: Set(notify.events.compactMap { NoticeKind(rawValue: $0.rawValue) }),
                dailyLimit: { current().callers.first { $0.name == name }?.limits.exportsPerDay },
                exports: { time in memory.recall { $0.exports.count(of: name, at: time) } })
            let events = GatewayEvents(journal: journal)
            shippers.append(
                Shipper(
                    name: "notify.\(name)", isRequired: false, journal: view, tell: { ShippingAssembly.log($0, sink: "notify.\(name)", logger) },
                    makeSink: { stop in
                        WebhookSink(target, from: beginning, version: Build.version, stop: stop) { record($0, of: name, events, logger) }
                    }))
        }
        return shippers
    }

    /// Longest wait for a receiver's answer.
    private static let patience = Duration.seconds(10)

    private static func record(_ outcome: WebhookSink.Outcome, of caller: String, _ events: GatewayEvents, _ logger: Logger) {
        let detail = [
            ("caller", caller), ("notice", outcome.notice), ("kind", outcome.kind.rawValue), ("attempts", String(outcome.attempts)),
        ]
        do throws(Failure) {
            if let failure = outcome.failure {
                try events.record("notice_dropped", detail + [("reason", failure)])
            } else {
                try events.record("notice_delivered", detail)
            }
        } catch {
            logger.error("the event can't be recorded", metadata: ["notice": "\(outcome.notice)"])
        }
    }
}
