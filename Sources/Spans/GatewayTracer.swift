internal import Synchronization
package import Tracing

/// Where a span stands in its trace, as it goes from hand to hand.
private enum TraceKey: ServiceContextKey {
    typealias Value = TraceContext
    static var nameOverride: String? { "hss-gateway-trace" }
}

/// A parent that was read from a request, or a span of our own.
package struct TraceContext: Sendable, Hashable {
    package var parent: TraceParent
    package var state: TraceState?

    package init(parent: TraceParent, state: TraceState? = nil) {
        self.parent = parent
        self.state = state
    }
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

/// One span. It may be changed until it ends; what comes later is left out.
package final class GatewaySpan: Tracing.Span {
    private struct State {
        var name: String
        var attributes: SpanAttributes = [:]
        var isFailed = false
        var isOver = false
    }

    package let context: ServiceContext
    package let isRecording: Bool
    private let kind: FinishedSpan.Kind
    private let parentID: UInt64?
    private let place: TraceContext
    private let startNanoseconds: UInt64
    private let buffer: SpanBuffer
    private let state: Mutex<State>

    fileprivate init(_ name: String, in context: ServiceContext, kind: SpanKind, startNanoseconds: UInt64, buffer: SpanBuffer) {
        let parent = context.trace
        isRecording = parent?.parent.isSampled ?? true
        parentID = parent?.parent.spanID
        place = TraceContext(
            parent: TraceParent(
                traceID: parent?.parent.traceID ?? .random(), spanID: UInt64.random(in: 1...UInt64.max), isSampled: isRecording),
            state: parent?.state)
        var own = context
        own.trace = place
        self.context = own
        switch kind {
        case .server: self.kind = .server
        case .client: self.kind = .client
        default: self.kind = .internal
        }
        self.startNanoseconds = startNanoseconds
        self.buffer = buffer
        state = Mutex(State(name: name))
    }

    package var operationName: String {
        get { state.withLock { $0.name } }
        set { state.withLock { $0.name = newValue } }
    }

    package var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { state.withLock { $0.attributes = newValue } }
    }

    package func setStatus(_ status: SpanStatus) { state.withLock { $0.isFailed = status.code == .error } }

    // Neither events nor links are used here; texts of errors could hold what nobody may see.
    package func addEvent(_ event: SpanEvent) {}
    package func addLink(_ link: SpanLink) {}

    package func recordError<Instant: TracerInstant>(_ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant) {
        state.withLock { $0.isFailed = true }
    }

    package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard isRecording else { return }
        let end = instant().nanosecondsSinceEpoch
        let finished: FinishedSpan? = state.withLock { state in
            guard !state.isOver else { return nil }
            state.isOver = true
            var attributes: [(name: String, value: FinishedSpan.Value)] = []
            state.attributes.forEach { name, value in
                switch value {
                case .string(let text): attributes.append((name, .text(text)))
                case .int64(let number): attributes.append((name, .integer(number)))
                case .int32(let number): attributes.append((name, .integer(Int64(number))))
                case .bool(let flag): attributes.append((name, .flag(flag)))
                default: break
                }
            }
            return FinishedSpan(
                name: state.name, kind: kind, traceID: place.parent.traceID, spanID: place.parent.spanID, parentID: parentID, state: place.state,
                startNanoseconds: startNanoseconds, endNanoseconds: max(end, startNanoseconds), attributes: attributes, isFailed: state.isFailed)
        }
        if let finished { buffer.add(finished) }
    }
}
