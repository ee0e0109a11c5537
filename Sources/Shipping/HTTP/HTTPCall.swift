import Audit
import Codecs
import NIOCore
import NIOPosix
package import Transport

/// POSTs from a sink's thread, one after the other, over a transport and an event loop of their own. Blocks the thread, bounded by the
/// transport's timeouts.
package final class HTTPCall {
    /// A complete answer, of any status.
    package struct Answer: Sendable {
        package let status: Int
        /// For how long not to call again, if the answer says so.
        package let wait: Duration?
        /// `Date`, as received.
        package let date: String?
        /// At most `maximumAnswer` bytes.
        package let body: [UInt8]

        /// Whether it begins like HTML or XML. A login page or a proxy's notice may have the status 200, although nothing was
        /// stored.
        var isPage: Bool {
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            let text = body.starts(with: mark) ? body.dropFirst(mark.count) : body[...]
            return text.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "<")
        }
    }

    /// Longest answer that is kept, bytes.
    static let maximumAnswer = 64 << 10

    /// How often a call checks the stop signal.
    private static let slice = TimeAmount.milliseconds(100)

    private let transport: NIOLoopBound<HTTPTransport>
    private let loop: any EventLoop
    private let stop: StopSignal

    package init(_ configuration: TransportConfiguration, stop: StopSignal) throws(SinkFailure) {
        self.stop = stop
        // The shared event loops: creating one fails when descriptors have run out, and NIO then ends the process.
        loop = MultiThreadedEventLoopGroup.singleton.next()
        let loop = loop
        do {
            transport = try loop.submit { NIOLoopBound(try HTTPTransport(configuration: configuration, eventLoop: loop), eventLoop: loop) }.wait()
        } catch {
            throw SinkFailure("the transport can't be used")
        }
    }

    deinit {
        let transport = transport
        try? loop.submit { transport.value.shutdown() }.wait().wait()
    }

    /// Sends a request and waits for the whole answer. Throws if there is none, or if the gateway stops and the grace for that is over.
    package func post(_ request: OutboundRequest) throws(SinkFailure) -> Answer {
        let promise = loop.makePromise(of: Answer.self)
        let transport = transport
        let loop = loop
        let stop = stop
        loop.execute {
            let listener = AnswerListener(promise)
            listener.transfer = transport.value.send(request, to: listener)
            let bound = NIOLoopBound(listener, eventLoop: loop)
            let watch = loop.scheduleRepeatedTask(initialDelay: Self.slice, delay: Self.slice) { _ in
                if stop.isOver { bound.value.giveUp() }
            }
            promise.futureResult.whenComplete { _ in watch.cancel() }
        }
        do {
            return try promise.futureResult.wait()
        } catch let failure as SinkFailure {
            throw failure
        } catch {
            throw SinkFailure("the call failed")
        }
    }
}

/// Collects one answer; lives until the transfer has ended.
private final class AnswerListener: TransferDelegate {
    private let promise: EventLoopPromise<HTTPCall.Answer>
    private var status = 0
    private var retryAfter: String?
    private var date: String?
    private var body: [UInt8] = []
    var transfer: Transfer?

    init(_ promise: EventLoopPromise<HTTPCall.Answer>) {
        self.promise = promise
    }

    /// A cancelled transfer makes no further callbacks.
    func giveUp() {
        guard let transfer else { return }
        transfer.cancel()
        self.transfer = nil
        promise.fail(SinkFailure("the gateway stops"))
    }

    func head(_ head: ResponseHead) {
        status = head.status
        retryAfter = head.fields.first(named: "retry-after")
        date = head.fields.first(named: "date")
    }

    func body(_ bytes: UnsafeRawBufferPointer) -> Demand {
        body.append(contentsOf: bytes.prefix(HTTPCall.maximumAnswer - body.count))
        return .continue
    }

    func finished(_ summary: TransferSummary) {
        let wait = RetryAfter.seconds(retryAfter, date: date, now: Timestamp.now().microseconds / 1_000_000)
        promise.succeed(HTTPCall.Answer(status: status, wait: wait.map { .seconds($0) }, date: date, body: body))
        transfer = nil
    }

    func failed(_ error: TransportError, _ summary: TransferSummary) {
        promise.fail(SinkFailure(Self.word(error)))
        transfer = nil
    }

    private static func word(_ error: TransportError) -> String {
        switch error {
        case .couldNotResolve: "the name can't be resolved"
        case .couldNotConnect, .addressRefused, .proxy: "can't connect"
        case .tls: "TLS can't be agreed on, or the certificate isn't trusted"
        case .timedOut: "no answer in time"
        default: "the call failed"
        }
    }
}
