import Gateway

extension AdminConnection {
    /// Common settings of a port's connections.
    struct Terms: Sendable {
        let limits: AdminPort.Limits
        let wire: WireLimits
        let gate: AcceptGate
        let respond: @Sendable (Request) async -> Response
        /// The TLS of new connections; nil for plain HTTP.
        let tls: @Sendable () -> ListenerTLS?

        init(
            limits: AdminPort.Limits, gate: AcceptGate, tls: @escaping @Sendable () -> ListenerTLS?,
            respond: @escaping @Sendable (Request) async -> Response
        ) {
            (self.limits, self.gate, self.tls, self.respond) = (limits, gate, tls, respond)
            var wire = WireLimits()
            wire.requestBody = AdminBody.longest
            self.wire = wire
        }
    }
}
