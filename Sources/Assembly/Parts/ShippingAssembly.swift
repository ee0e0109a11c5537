import Administration
import Audit
import Gateway
import Logging
import Settings
import Shipping

/// Makes the journal's shippers from the settings.
enum ShippingAssembly {
    static func shippers(_ settings: GatewaySettings, journal: Journal, logger: Logger) throws(Failure) -> [Shipper] {
        let view = JournalView(directory: settings.audit.directory, instance: Instance.name) { journal.durable }
        var shippers: [Shipper] = []
        for sink in settings.audit.shipping {
            let make = try maker(of: sink)
            let name = sink.name
            let desk = RefusalDesk(sink: name, events: GatewayEvents(journal: journal))
            let tell: @Sendable (Shipper.Event) -> Void = { event in
                log(event, sink: name, logger)
                if case .refused(let records) = event { desk.note(records, logger) }
            }
            shippers.append(
                Shipper(name: name, isRequired: sink.isRequired, journal: view, comparison: comparison(of: sink), tell: tell, makeSink: make))
        }
        return shippers
    }

    /// Only a database can be queried for what it has.
    private static func comparison(of sink: AuditSettings.Shipping) -> Shipper.Comparison? {
        guard case .postgresql(let file) = sink.target else { return nil }
        return { (beginning, end, stop) throws(SinkFailure) in
            try CentralComparison.objection(Instance.name, beginning, end, url: try SecretText.read(file), stop: stop)
        }
    }

    private static func maker(of sink: AuditSettings.Shipping) throws(Failure) -> @Sendable (StopSignal) -> any RecordSink {
        switch sink.target {
        case .postgresql(let file):
            return { stop in PostgreSQLSink(stop: stop) { () throws(SinkFailure) in try SecretText.read(file) } }
        case .otlp(let url, let headersFile, let authorityFile):
            let endpoint = try SinkEndpoints.endpoint(url, headersFile: headersFile, authorityFile: authorityFile)
            return { stop in OTLPSink(endpoint, version: Build.version, stop: stop) }
        case .syslog(let syslog):
            let target = try SinkEndpoints.target(syslog, of: "sink \(sink.name)")
            return { stop in SyslogSink(target, stop: stop) }
        }
    }

    static func log(_ event: Shipper.Event, sink: String, _ logger: Logger) {
        switch event {
        case .connected(let position): logger.info("records are shipped", metadata: ["sink": "\(sink)", "from": "\(position)"])
        case .failed(let failure): logger.error("records can't be shipped", metadata: ["sink": "\(sink)", "reason": "\(failure.reason)"])
        case .refused(let records):
            logger.error(
                "a sink refused records", metadata: ["sink": "\(sink)", "records": "\(records.count)", "reason": "\(records.reason)"])
        }
    }
}

extension SinkFigures {
    init(_ figures: ShippingFigures) {
        self.init(
            name: figures.sink, lagSeconds: figures.lag / .seconds(1), shipped: figures.shipped, errors: figures.errors,
            rejected: figures.rejected, position: figures.position.value, isConnected: figures.isConnected, isRequired: figures.isRequired,
            problem: figures.problem
        )
    }
}
