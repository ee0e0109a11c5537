import Spans
import Testing
import Tracing

@Suite struct TraceParentTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let good = "00-\(trace)-00f067aa0ba902b7-01"

    @Test func `reads what it writes`() throws {
        let parent = try #require(TraceParent(Self.good))
        #expect(parent.text == Self.good && parent.isSampled && parent.traceID.text == Self.trace)
        #expect(TraceParent("00-\(Self.trace)-00f067aa0ba902b7-00")?.isSampled == false)
        // Only the first flag has a meaning; others may be set.
        #expect(TraceParent("00-\(Self.trace)-00f067aa0ba902b7-fe")?.text.hasSuffix("-00") == true)
        #expect(TraceParent("00-00000000000000000000000000000001-0000000000000001-01")?.spanID == 1)
    }

    @Test(arguments: [
        "cc-\(trace)-00f067aa0ba902b7-01-what-the-future-will-be-like", "cc-\(trace)-00f067aa0ba902b7-01",
    ])
    func `reads what it knows of a later version`(text: String) { #expect(TraceParent(text)?.isSampled == true) }

    @Test(arguments: [
        "", "00", "00-\(trace)-00f067aa0ba902b7", "00-\(trace)-00f067aa0ba902b7-01-more", "ff-\(trace)-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-\(trace)-0000000000000000-01", "cc-\(trace)-00f067aa0ba902b7-01.more",
        "00-\(trace.uppercased())-00f067aa0ba902b7-01", "00-\(trace)-00F067AA0BA902B7-01", "00_\(trace)-00f067aa0ba902b7-01",
        "00-\(trace)x00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7-0g", "0g-\(trace)-00f067aa0ba902b7-01", " \(good)", "\(good) ",
        String(repeating: "0", count: 55),
    ])
    func `takes nothing else for a parent`(text: String) { #expect(TraceParent(text) == nil) }

    @Test func `keeps a state as it is, joined, without blanks and empty members`() {
        #expect(TraceState(["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"])?.text == "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")
        #expect(TraceState(["a=1 , ,b=2", "0tenant@system=x y"])?.text == "a=1,b=2,0tenant@system=x y")
    }

    @Test(arguments: [
        "", " ", "a", "a=", "=1", "A=1", "a=1,a=2", "a=1=2", "a b=1", "0a=1", "a@b@c=1", "a@=1", "a=é", "a=1\u{7F}",
        String(repeating: "a", count: 257) + "=1", "a=" + String(repeating: "x", count: 257),
        (0..<33).map { "k\($0)=1" }.joined(separator: ","), "a=" + String(repeating: "x", count: 250) + ",b=" + String(repeating: "y", count: 260),
    ])
    func `drops a state that is malformed or too long`(text: String) { #expect(TraceState([text]) == nil) }
}

@Suite struct GatewayTracerTests {
    private struct Field: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    }

    @Test func `a span goes on with the trace that was extracted, and its child with it`() throws {
        let buffer = SpanBuffer()
        let tracer = GatewayTracer(perMillion: 0, buffer: buffer)
        let fields = ["traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "tracestate": "a=1"]
        var context = ServiceContext.topLevel
        tracer.extract(fields, into: &context, using: Field())
        let server = tracer.startSpan("GET", context: context, ofKind: .server)
        let client = tracer.startSpan("GET", context: server.context, ofKind: .client)
        client.attributes["http.response.status_code"] = Int64(200)
        client.end()
        client.end()
        server.setStatus(SpanStatus(code: .error))
        server.end()
        let spans = buffer.take(10)
        #expect(spans.map(\.kind) == [.client, .server] && spans.map(\.isFailed) == [false, true])
        #expect(Set(spans.map(\.traceID.text)) == ["4bf92f3577b34da6a3ce929d0e0e4736"])
        #expect(spans[1].parentID == 0x00f0_67aa_0ba9_02b7 && spans[0].parentID == spans[1].spanID && spans[0].state?.text == "a=1")
        #expect(spans[0].attributes.map(\.value) == [.integer(200)])
        var sent: [String: String] = [:]
        tracer.inject(client.context, into: &sent, using: Field())
        #expect(TraceParent(sent["traceparent"] ?? "")?.spanID == spans[0].spanID && sent["tracestate"] == "a=1")
    }

    @Test func `a parent decides, and without one the share does`() {
        let unsampled = TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
        let sampled = TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        let (none, all) = (GatewayTracer(perMillion: 0, buffer: SpanBuffer()), GatewayTracer(perMillion: 1_000_000, buffer: SpanBuffer()))
        #expect(none.samples(sampled) && !all.samples(unsampled))
        #expect((0..<1_000).allSatisfy { _ in all.samples(nil) && !none.samples(nil) })
        let half = GatewayTracer(perMillion: 500_000, buffer: SpanBuffer())
        let hits = (0..<10_000).count { _ in half.samples(nil) }
        // Twenty standard deviations on either side.
        #expect((4_000...6_000).contains(hits))
    }

    @Test func `a full buffer counts what it drops`() {
        let buffer = SpanBuffer()
        let tracer = GatewayTracer(perMillion: 1_000_000, buffer: buffer)
        for _ in 0..<(SpanBuffer.capacity + 3) { tracer.startSpan("GET", context: .topLevel, ofKind: .server).end() }
        #expect(buffer.count == SpanBuffer.capacity && buffer.dropped == 3)
    }
}
