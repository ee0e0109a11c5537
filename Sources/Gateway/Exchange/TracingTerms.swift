package import Spans

/// How one configuration traces requests.
package struct TracingTerms: Sendable {
    /// Nil if nothing is traced.
    package let tracer: GatewayTracer?
    /// Whether the trace context is sent to the cloud.
    package let propagates: Bool

    package init(tracer: GatewayTracer? = nil, propagates: Bool = false) {
        self.tracer = tracer
        self.propagates = propagates
    }

    package static let off = TracingTerms()
}
