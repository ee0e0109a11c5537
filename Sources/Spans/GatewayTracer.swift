package import Tracing

/// Where a span stands in its trace, as it goes from hand to hand.
private enum TraceKey: ServiceContextKey {
    typealias Value = TraceContext
    static var nameOverride: String? { "hss-gateway-trace" }
}

extension ServiceContext {
    /// The trace that whatever runs in this context belongs to.
    package var trace: TraceContext? {
        get { self[TraceKey.self] }
        set { self[TraceKey.self] = newValue }
    }
}

/// Makes spans, samples them, and hands finished ones to a buffer.
///
/// Sampling follows the parent: who calls us decides for the whole trace. A trace that begins here is sampled by its id, so that all its spans are
/// or none is.
package struct GatewayTracer: Tracer {
    package typealias Span = GatewaySpan

    /// Of a million traces that begin here, how many are sampled.
    package let perMillion: Int
    private let buffer: SpanBuffer

    package init(perMillion: Int, buffer: SpanBuffer) {
        self.perMillion = perMillion
        self.buffer = buffer
    }

    /// Whether a request with this parent is recorded; a new trace's id for one without.
    package func samples(_ parent: TraceParent?) -> Bool {
        guard let parent else { return perMillion > 0 && Int.random(in: 0..<1_000_000) < perMillion }
        return parent.isSampled
    }

    /// A span of the context's trace, or of a new one. It records unless the context's parent says that nobody does; whether a trace begins at all is
    /// asked before, with `samples`.
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
