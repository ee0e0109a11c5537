/// Receives what becomes of one request.
///
/// Every call comes on the transport's event loop and never from inside ``HTTPTransport/send(_:to:)``, ``Transfer/resume()`` or
/// ``Transfer/cancel()``. The order is: at most one head, then bodies, then exactly one of finished and failed, unless the transfer is
/// cancelled: then nothing more comes. Before them `mayLeave` may be asked. A delegate may send, resume and cancel from inside any of these
/// calls but that one.
package protocol TransferDelegate: AnyObject {
    /// There is a connection, and the request is about to be sent on it; false withholds it, and the transfer fails with
    /// ``TransportError/withheld``. Comes once more when libcurl sends the request again because a kept connection proved dead.
    func mayLeave() -> Bool
    /// The final head has arrived.
    func head(_ head: ResponseHead)
    /// A piece of the body has arrived. The bytes belong to libcurl and are gone when this returns.
    func body(_ bytes: UnsafeRawBufferPointer) -> Demand
    /// The response is complete, as its framing defines it. This may come while paused, when no byte was left to hold back.
    func finished(_ summary: TransferSummary)
    /// There will be no (more) response.
    func failed(_ error: TransportError, _ summary: TransferSummary)
}

extension TransferDelegate {
    package func mayLeave() -> Bool { true }
}
