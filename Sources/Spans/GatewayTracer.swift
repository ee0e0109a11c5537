package import Tracing

/// The key under which a service context carries the trace context.
private enum TraceKey: ServiceContextKey {
    typealias Value = TraceContext
    static var nameOverride: String? { "hss-gateway-trace" }
}

extension ServiceContext {
    /// The trace context of this service context.
    package var trace: TraceContext? {
        get { self[TraceKey.self] }
        set { self[TraceKey.self] = newValue }
    }
}

/// Makes spans, samples them, and passes finished ones to a buffer.
///
/// Sampling follows the parent: the caller decides for the whole trace. A trace that begins here is sampled by its id, so that either all of its
/// spans are sampled or none.
package struct GatewayTracer: Tracer {
    package typealias Span = GatewaySpan

    /// How many of a million traces that begin here are sampled.
    package let perMillion: Int
    private let buffer: SpanBuffer

    package init(perMillion: Int, buffer: SpanBuffer) {
        self.perMillion = perMillion
        self.buffer = buffer
    }

    /// Whether a request with this parent is sampled; without a parent, a new trace id decides.
    package func samples(_ parent: TraceParent?) -> Bool {
        guard let parent else { return perMillion > 0 && Int.random(in: 0..<1_000_000) < perMillion }
        return parent.isSampled
    }

    /// A span of the context's trace, or of a new one. It is recorded unless the context's parent is not sampled; `samples` decides beforehand
    /// whether a trace begins at all.
    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind, at instant: @autoclosure () -> Instant,
        function: String, file fileID: String, line: UInt
    ) -> GatewaySpan {
        GatewaySpan(
            operationName, in: context(), kind: kind, startNanoseconds: instant().nanosecondsSinceEpoch, buffer: buffer)
    }

    package func forceFlush() {}

    package func extract<Carrier, Extract: Extractor>(_ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract)
    where Extract.Carrier == Carrier {
        guard let parent = extractor.extract(key: "traceparent", from: carrier).flatMap(TraceParent.init) else { return }
        context.trace = TraceContext(parent: parent, state: extractor.extract(key: "tracestate", from: carrier).flatMap { TraceState([$0]) })
    }

    package func inject<Carrier, Inject: Injector>(_ context: ServiceContext, into carrier: inout Carrier, using injector: Inject)
    where Inject.Carrier == Carrier {
        guard let trace = context.trace else { return }
        injector.inject(trace.parent.text, forKey: "traceparent", into: &carrier)
        if let state = trace.state { injector.inject(state.text, forKey: "tracestate", into: &carrier) }
    }
}
