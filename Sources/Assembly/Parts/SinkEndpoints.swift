import Codecs
import Settings
import Shipping
import Transport

/// Network endpoints from the settings, for sinks and anchors.
enum SinkEndpoints {
    static func endpoint(_ url: EndpointURL, headersFile: String?, authorityFile: String?) throws(Failure) -> HTTPEndpoint {
        var transport = TransportConfiguration()
        transport.connections = 1
        transport.totalTimeout = .seconds(30)
        transport.certificateAuthorityFile = authorityFile
        transport.addresses = TransportAssembly.addresses(private: [url.host.lowercased()], isProxied: false)
        let host = url.host.contains(":") ? "[\(url.host)]" : url.host
        guard let origin = try? Origin(url: "\(url.scheme)://\(host)\(url.port.map { ":\($0)" } ?? "")") else {
            throw Failure(.badConfiguration, "The endpoint \(url) can't be used.")
        }
        return HTTPEndpoint(origin: origin, path: url.path, transport: transport, headersFile: headersFile)
    }

    static func target(_ syslog: AuditSettings.Shipping.Syslog, of owner: String) throws(Failure) -> SyslogSink.Target {
        guard let address = SyslogAddress(syslog.address) else {
            throw Failure(.badConfiguration, "The \(owner) has no address like tls://host:6514, tcp://…, udp://… or unix:///dev/log.")
        }
        return SyslogSink.Target(
            address, authorityFile: syslog.authorityFile, certificateFile: syslog.certificateFile, privateKeyFile: syslog.privateKeyFile,
            longestMessage: syslog.longestMessage.bytes
        )
    }
}
