/// A fault in answers, requested by a test.
package struct Fault: Sendable {
    /// What happens to the answer.
    package enum Effect: Sendable, Equatable {
        /// Another answer instead.
        case status(Int, headers: [HeaderField] = [], body: [UInt8] = [])
        /// The answer, with its head delayed.
        case delayHead(Duration)
        /// The answer, with a pause after that many bytes of its body.
        case delayBody(afterBytes: Int, Duration)
        /// A reset (RST) instead of an answer.
        case reset
        /// An orderly close (FIN) instead of an answer.
        case close
        /// A reset after that many bytes of the body.
        case resetBody(afterBytes: Int)
        /// `Content-Length` of the whole body, that many bytes of it, then an orderly close.
        case truncate(afterBytes: Int)
        /// Chunked, that many bytes, then an orderly close without the last chunk.
        case cutChunked(afterBytes: Int)
        /// A redirection.
        case redirect(location: String, status: Int = 302)
        /// Bytes that are no HTTP, then a close.
        case garbage([UInt8])
        /// The answer with that many more header lines of that many bytes each.
        case headerFlood(fields: Int, byteCount: Int)
        /// The export task that the request makes ends in `failure`.
        case taskFailure
    }

    /// Which listener; nil means both.
    package var side: SandboxSide?
    /// The operation's name; nil means any request.
    package var operation: String?
    /// The request's method.
    package var method: String?
    /// What the request target begins with.
    package var pathPrefix: String?
    /// Matching requests that pass without the fault first.
    package var skip = 0
    /// Requests that the fault applies to; nil means all until it is removed.
    package var count: Int? = 1
    /// For effects that replace the answer: whether the request takes effect before its answer is lost.
    package var isProcessed = false
    /// What happens.
    package var effect: Effect

    /// A fault for the next request, whatever it is.
    package init(_ effect: Effect) { self.effect = effect }

    /// A fault for the next requests of one operation.
    package init(_ effect: Effect, operation: String, count: Int? = 1) {
        self.effect = effect
        self.operation = operation
        self.count = count
    }

    /// Whether the request must be executed for the effect to be possible, or because that was requested.
    var runsRequest: Bool {
        switch effect {
        case .status, .reset, .close, .redirect, .garbage: isProcessed
        case .delayHead, .delayBody, .resetBody, .truncate, .cutChunked, .headerFlood, .taskFailure: true
        }
    }
}
