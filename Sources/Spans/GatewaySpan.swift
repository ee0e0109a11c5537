internal import Synchronization
package import Tracing

/// One span. It may be changed until it ends; later changes are ignored.
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

    init(_ name: String, in context: ServiceContext, kind: SpanKind, startNanoseconds: UInt64, buffer: SpanBuffer) {
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

    // Neither events nor links are used here; texts of errors could contain secrets.
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
