internal import Audit
internal import NIOCore
package import Spans
internal import Synchronization
internal import Transport

/// Sends finished spans to a collector as OTLP/HTTP in JSON, on a thread of its own.
///
/// 1. Requests only append spans to a bounded buffer; spans that do not fit are counted and dropped.
/// 2. A batch that fails is retried a few times and then counted as dropped; spans are not evidence, so nothing waits for them.
package final class SpanExporter: Sendable {
    /// Where spans are sent; nil sends none.
    package struct Target: Sendable {
        /// Changes with any property of the target.
        let mark: String
        let endpoint: HTTPEndpoint

        package init(mark: String, endpoint: HTTPEndpoint) {
            self.mark = mark
            self.endpoint = endpoint
        }
    }

    private static let signalPath = "/v1/traces"
    private static let mostSpans = 512
    private static let interval = Duration.milliseconds(500)
    /// How often one batch is sent at most.
    private static let mostAttempts = 4

    private let buffer: SpanBuffer
    private let instance: String
    private let version: String
    private let place: @Sendable () -> Target?
    private let tell: @Sendable (String?) -> Void
    private let stopSignal = StopSignal()
    private let thread = Mutex<BlockingThread?>(nil)

    /// - Parameters:
    ///   - place: called before each batch, so that a new configuration applies from the next one on.
    ///   - tell: called once with the reason when spans can't be exported, and once with nil when they can again.
    package init(
        _ buffer: SpanBuffer, instance: String, version: String, place: @escaping @Sendable () -> Target?, tell: @escaping @Sendable (String?) -> Void
    ) {
        self.buffer = buffer
        self.instance = instance
        self.version = version
        self.place = place
        self.tell = tell
    }

    /// Starts the thread; false when the system can't create it.
    package func start() -> Bool {
        let started = BlockingThread { [self] in
            var run = Run(exporter: self)
            run.run()
        }
        thread.withLock { $0 = started }
        return started != nil
    }

    /// Sends the buffered spans, if that takes no longer than the grace, and ends.
    package func stop(within grace: Duration, then done: @escaping @Sendable () -> Void) {
        guard let thread = thread.withLock({ $0.take() }) else { return done() }
        stopSignal.stop(within: grace)
        // Joining blocks, so it must not happen on a shared thread.
        let isWaiting = BlockingThread {
            thread.join()
            done()
        }
        if isWaiting == nil { done() }
    }

    /// The state of the thread.
    private struct Run {
        let exporter: SpanExporter
        private var call: (mark: String, call: HTTPCall)?
        private var reported: String?

        init(exporter: SpanExporter) {
            self.exporter = exporter
        }

        mutating func run() {
            while !exporter.stopSignal.isOver {
                let isStopping = exporter.stopSignal.isStopping
                let spans = exporter.buffer.take(SpanExporter.mostSpans)
                if spans.isEmpty {
                    if isStopping { break }
                    exporter.stopSignal.pause(SpanExporter.interval)
                } else {
                    export(spans)
                }
            }
            exporter.buffer.countDropped(exporter.buffer.take(.max).count)
        }

        private mutating func export(_ spans: [FinishedSpan]) {
            guard let place = exporter.place() else { return exporter.buffer.countDropped(spans.count) }
            let body = SpanPayload.encode(spans, instance: exporter.instance, version: exporter.version)
            var backoff = Backoff()
            for attempt in 1...SpanExporter.mostAttempts {
                do throws(SinkFailure) {
                    try post(body, to: place)
                    exporter.buffer.countExported(spans.count)
                    return say(nil)
                } catch {
                    say(error.reason)
                    guard !error.isAboutContent, attempt < SpanExporter.mostAttempts, !exporter.stopSignal.isStopping else { break }
                    exporter.stopSignal.pause(backoff.next(atLeast: error.retryAfter, random: .random(in: 0...1)))
                }
            }
            exporter.buffer.countDropped(spans.count)
        }

        private mutating func post(_ body: [UInt8], to place: Target) throws(SinkFailure) {
            if call?.mark != place.mark {
                call = nil
                call = (place.mark, try HTTPCall(place.endpoint.transport, stop: exporter.stopSignal))
            }
            guard let call else { return }
            let headers = try place.endpoint.headersFile.map(HeaderFile.read) ?? []
            var request = OutboundRequest(
                origin: place.endpoint.origin, method: "POST", target: Array(place.endpoint.path(or: SpanExporter.signalPath).utf8))
            request.fields = OutboundFields(
                [HeaderField("Content-Type", "application/json"), HeaderField("User-Agent", "hss-gateway/\(exporter.version)")] + headers)
            request.body = ByteBuffer(bytes: body)
            let answer = try call.call.post(request)
            switch answer.status {
            case 200..<300: return
            case 429, 502, 503, 504:
                throw SinkFailure("the collector answered \(answer.status)", retryAfter: answer.wait)
            default: throw SinkFailure("the collector answered \(answer.status)", isAboutContent: true)
            }
        }

        private mutating func say(_ reason: String?) {
            guard reason != reported else { return }
            reported = reason
            exporter.tell(reason)
        }
    }
}
