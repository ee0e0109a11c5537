/// Receives the answer and the end of one request.
///
/// Every callback runs on the transport's event loop and never inside ``HTTPTransport/send(_:to:)``, ``Transfer/resume()`` or ``Transfer/cancel()``.
/// The order is: at most one head, then bodies, then exactly one of finished and failed, unless the transfer is cancelled: then there are no more
/// callbacks. Before them, `mayLeave` may be called. A delegate may send, resume and cancel inside any of these callbacks except `mayLeave`.
package protocol TransferDelegate: AnyObject {
    /// There is a connection, and the request is about to be sent on it; false withholds it, and the transfer fails with ``TransportError/withheld``.
    /// Called once more if libcurl sends the request again because a kept connection turned out to be dead.
    func mayLeave() -> Bool
    /// The final head has arrived.
    func head(_ head: ResponseHead)
    /// A piece of the body has arrived. The bytes belong to libcurl and are valid only during the call.
    func body(_ bytes: UnsafeRawBufferPointer) -> Demand
    /// The response is complete, as its framing defines it. May be called during a pause, if no byte was held back.
    func finished(_ summary: TransferSummary)
    /// There will be no (more) response.
    func failed(_ error: TransportError, _ summary: TransferSummary)
}

extension TransferDelegate {
    package func mayLeave() -> Bool { true }
}
