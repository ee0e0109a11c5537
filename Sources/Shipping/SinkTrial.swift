internal import NIOCore
internal import Transport

/// Tests whether a sink or an anchor can be used as it is configured. It sends no record and creates nothing.
package enum SinkTrial {
    /// Logs in and makes no lasting change.
    package static func postgresql(url: String, stop: StopSignal) throws(SinkFailure) {
        let connection = try PostgreSQLConnection(url: url, stop: stop)
        try connection.run("SELECT 1")
    }

    /// The kind of data that a collector is tested with.
    package enum Signal: Sendable {
        case logs
        case traces

        fileprivate var path: String { self == .logs ? "/v1/logs" : "/v1/traces" }
        fileprivate var nothing: String { self == .logs ? #"{"resourceLogs":[]}"# : #"{"resourceSpans":[]}"# }
    }

    /// Sends an empty list, which collectors accept.
    package static func otlp(_ endpoint: HTTPEndpoint, _ signal: Signal = .logs, version: String, stop: StopSignal) throws(SinkFailure) {
        let headers = try endpoint.headersFile.map(HeaderFile.read) ?? []
        var request = OutboundRequest(origin: endpoint.origin, method: "POST", target: Array(endpoint.path(or: signal.path).utf8))
        request.fields = OutboundFields(
            [HeaderField("Content-Type", "application/json"), HeaderField("User-Agent", "hss-gateway/\(version)")] + headers)
        request.body = ByteBuffer(string: signal.nothing)
        let status = try HTTPCall(endpoint.transport, stop: stop).post(request).status
        // Some reject an empty list as bad content; they were reached, and accepted the credentials.
        guard (200..<300).contains(status) || status == 400 || status == 422 else { throw SinkFailure("the collector answered \(status)") }
    }

    /// Sends OPTIONS, which changes nothing; any answer except a refusal of the credentials shows that the endpoint works.
    package static func http(_ endpoint: HTTPEndpoint, stop: StopSignal) throws(SinkFailure) {
        let headers = try endpoint.headersFile.map(HeaderFile.read) ?? []
        var request = OutboundRequest(origin: endpoint.origin, method: "OPTIONS", target: Array(endpoint.path(or: "/").utf8))
        request.fields = OutboundFields(headers)
        let status = try HTTPCall(endpoint.transport, stop: stop).post(request).status
        guard status != 401, status != 403 else { throw SinkFailure("the endpoint answered \(status)") }
    }

    /// Connects, with the TLS handshake if there is one. The path of datagrams can't be tested.
    package static func syslog(_ target: SyslogSink.Target, stop: StopSignal) throws(SinkFailure) {
        try SyslogSink.connect(target, stop).close()
    }
}
