import Audit
import Gateway
import Logging
import Settings
import Shipping
import Transport

/// Makes the journal's shippers from the settings.
enum ShippingAssembly {
    static func shippers(_ settings: GatewaySettings, journal: Journal, logger: Logger) throws(Failure) -> [Shipper] {
        let view = JournalView(directory: settings.audit.directory, instance: Instance.name) { journal.durable }
        var shippers: [Shipper] = []
        for sink in settings.audit.shipping {
            let make = try maker(of: sink)
            let name = sink.name
            let tell: @Sendable (Shipper.News) -> Void = { news in log(news, sink: name, logger) }
            shippers.append(Shipper(name: name, isRequired: sink.isRequired, journal: view, tell: tell, makeSink: make))
        }
        return shippers
    }

    private static func maker(of sink: AuditSettings.Shipping) throws(Failure) -> @Sendable (StopSignal) -> any RecordSink {
        switch sink.target {
        case .postgresql(let file):
            return { stop in PostgreSQLSink(stop: stop) { () throws(SinkFailure) in try SecretText.read(file) } }
        case .otlp(let url, let headersFile, let authorityFile):
            let endpoint = try endpoint(url, headersFile: headersFile, authorityFile: authorityFile)
            return { stop in OTLPSink(endpoint, version: Build.version, stop: stop) }
        case .syslog(let syslog):
            let target = try target(syslog, sink: sink.name)
            return { stop in SyslogSink(target, stop: stop) }
        }
    }

    static func endpoint(_ url: EndpointURL, headersFile: String?, authorityFile: String?) throws(Failure) -> OTLPSink.Endpoint {
        var transport = TransportConfiguration()
        transport.connections = 1
        transport.totalTimeout = .seconds(30)
        transport.certificateAuthorityFile = authorityFile
        let host = url.host.contains(":") ? "[\(url.host)]" : url.host
        guard let origin = try? Origin(url: "\(url.scheme)://\(host)\(url.port.map { ":\($0)" } ?? "")") else {
            throw Failure(.badConfiguration, "The endpoint \(url) can't be used.")
        }
        return OTLPSink.Endpoint(origin: origin, path: url.path, transport: transport, headersFile: headersFile)
    }

    private static func target(_ syslog: AuditSettings.Shipping.Syslog, sink: String) throws(Failure) -> SyslogSink.Target {
        guard let address = SyslogAddress(syslog.address) else {
            throw Failure(.badConfiguration, "The sink \(sink) has no address like tls://host:6514, tcp://…, udp://… or unix:///dev/log.")
        }
        return SyslogSink.Target(
            address, authorityFile: syslog.authorityFile, certificateFile: syslog.certificateFile, privateKeyFile: syslog.privateKeyFile,
            longestMessage: syslog.longestMessage.bytes
        )
    }

    private static func log(_ news: Shipper.News, sink: String, _ logger: Logger) {
        switch news {
        case .connected(let position): logger.info("records are shipped", metadata: ["sink": "\(sink)", "from": "\(position)"])
        case .failed(let failure): logger.error("records can't be shipped", metadata: ["sink": "\(sink)", "reason": "\(failure.reason)"])
        case .rejected(let count): logger.error("a sink refused records", metadata: ["sink": "\(sink)", "records": "\(count)"])
        }
    }
}

extension SinkFigures {
    init(_ figures: ShippingFigures) {
        let (seconds, attoseconds) = figures.lag.components
        self.init(
            name: figures.sink, lagSeconds: Double(seconds) + Double(attoseconds) / 1e18, shipped: figures.shipped, errors: figures.errors,
            rejected: figures.rejected, position: figures.position.value, isConnected: figures.isConnected
        )
    }
}
