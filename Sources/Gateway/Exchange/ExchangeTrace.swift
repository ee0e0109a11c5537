import Audit
import Catalogue
import Spans
import Tracing
import Transport

/// The spans of one sampled request: one for itself, and one for each call to HSS. Requests that are not sampled have none of this.
///
/// A span contains nothing of a query, a body, a field's value or a credential, and of the path only its template.
final class ExchangeTrace {
    private let tracer: GatewayTracer
    private let server: GatewaySpan
    private var client: GatewaySpan?

    init(_ tracer: GatewayTracer, parent: TraceContext?, method: String, at time: Timestamp) {
        self.tracer = tracer
        var context = ServiceContext.topLevel
        context.trace = parent
        // Times of records are not before 1970, and end with the year 9999.
        let start = UInt64(time.microseconds) &* 1_000
        server = tracer.startSpan(
            method, context: context, ofKind: .server, at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: start))
    }

    /// The trace context of the request's own span.
    var place: TraceContext? { server.context.trace }
    /// The trace context of the span of the call under way.
    var callPlace: TraceContext? { client?.context.trace }

    func callBegins(_ method: String, to origin: Origin, attempt: Int) {
        let span = tracer.startSpan(method, context: server.context, ofKind: .client)
        span.attributes["http.request.method"] = method
        span.attributes["server.address"] = origin.host
        span.attributes["server.port"] = Int64(origin.port)
        if attempt > 1 { span.attributes["http.request.resend_count"] = Int64(attempt - 1) }
        client = span
    }

    func callEnds(status: Int?, error: String?) {
        guard let span = client.take() else { return }
        if let status { span.attributes["http.response.status_code"] = Int64(status) }
        let word = error.flatMap { $0.isEmpty ? nil : $0 } ?? status.flatMap { $0 >= 400 ? String($0) : nil }
        if let word {
            span.attributes["error.type"] = word
            span.setStatus(SpanStatus(code: .error))
        }
        span.end()
    }

    /// Nothing was sent, so there is no call to trace.
    func callWasWithheld() { client = nil }

    /// The request is answered, and its record closed.
    func end(_ record: Record, operation: Operation?) {
        callEnds(status: nil, error: nil)
        if let operation { server.operationName = "\(record.method ?? "") \(operation.template)" }
        server.updateAttributes { attributes in
            attributes["http.request.method"] = record.method
            attributes["url.path"] = operation?.template
            attributes["http.route"] = operation?.template
            attributes["http.response.status_code"] = record.status.map { Int64($0) }
            attributes["error.type"] = record.errorCode ?? record.upstream?.error
            attributes["hssgw.operation"] = record.operation
            attributes["hssgw.kind"] = record.kind?.rawValue
            attributes["hssgw.caller"] = record.caller?.name
            attributes["hssgw.project"] = record.project?.name
            attributes["hssgw.outcome"] = record.outcome?.rawValue
            attributes["hssgw.audit_id"] = record.id.description
        }
        // A server span has the status error only for faults of the server side.
        if (record.status ?? 0) >= 500 { server.setStatus(SpanStatus(code: .error)) }
        server.end()
    }
}

extension Exchange {
    /// Reads the trace context of the request, and begins a span if it is sampled. Without tracing this costs two comparisons.
    func beginTrace() {
        let terms = snapshot.tracing
        guard terms.tracer != nil || fields?.traceParentCount ?? 0 > 0 else { return }
        // With two `traceparent` fields it is unclear which one is meant (W3C Trace Context, section 3.2.1).
        let parent = fields.flatMap { $0.traceParentCount == 1 ? $0.traceParent.flatMap(TraceParent.init) : nil }
        if let parent {
            tracing.received = TraceContext(parent: parent, state: TraceState(fields?.traceState ?? []))
            record.note(.traceParent, .string(parent.text))
        }
        guard let tracer = terms.tracer, tracer.samples(parent) else { return }
        let trace = ExchangeTrace(tracer, parent: tracing.received, method: record.method, at: record.time)
        if parent == nil, let own = trace.place { record.note(.traceParent, .string(own.parent.text)) }
        self.tracing.spans = trace
    }

    /// Sends the trace context to the cloud, if the operator has enabled that.
    func addTrace(to request: inout OutboundRequest) {
        guard snapshot.tracing.propagates, let place = tracing.spans?.callPlace ?? tracing.received else { return }
        request.fields.append("traceparent", place.parent.text)
        if let state = place.state { request.fields.append("tracestate", state.text) }
    }
}
