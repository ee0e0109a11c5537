import NIOCore

@testable import Transport

/// The result of one request.
struct Exchange: Sendable {
    var head: ResponseHead?
    var body: [UInt8] = []
    var bodyBytes = 0
    var error: TransportError?
    var summary = TransferSummary()
    /// How often the delegate was called.
    var calls = 0

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Stores what a transfer reports and fulfils a promise at its end. Confined to the event loop.
final class RecordingDelegate: TransferDelegate {
    private var exchange = Exchange()
    private let promise: EventLoopPromise<Exchange>
    private let keepsBody: Bool
    /// Called inside the delegate's callbacks, so that a test can act there.
    var onHead: ((ResponseHead) -> Void)?
    var onBody: ((UnsafeRawBufferPointer) -> Demand)?

    init(_ promise: EventLoopPromise<Exchange>, keepsBody: Bool = true) {
        self.promise = promise
        self.keepsBody = keepsBody
    }

    func head(_ head: ResponseHead) {
        exchange.calls += 1
        exchange.head = head
        onHead?(head)
    }

    func body(_ bytes: UnsafeRawBufferPointer) -> Demand {
        exchange.calls += 1
        exchange.bodyBytes += bytes.count
        if keepsBody { exchange.body.append(contentsOf: bytes) }
        return onBody?(bytes) ?? .continue
    }

    func finished(_ summary: TransferSummary) {
        exchange.calls += 1
        exchange.summary = summary
        promise.succeed(exchange)
    }

    func failed(_ error: TransportError, _ summary: TransferSummary) {
        exchange.calls += 1
        exchange.error = error
        exchange.summary = summary
        promise.succeed(exchange)
    }

    /// Ends the wait for a transfer that was cancelled and will report nothing more.
    func abandon() { promise.succeed(exchange) }

    var calls: Int { exchange.calls }
}
