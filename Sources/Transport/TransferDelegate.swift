/// Receives what becomes of one request.
///
/// Every call comes on the transport's event loop and never from inside ``HTTPTransport/send(_:to:)``, ``Transfer/resume()`` or
/// ``Transfer/cancel()``. The order is: at most one head, then bodies, then exactly one of finished and failed, unless the transfer is
/// cancelled: then nothing more comes. A delegate may send, resume and cancel from inside any of these calls.
package protocol TransferDelegate: AnyObject {
    /// The final head has arrived.
    func head(_ head: ResponseHead)
    /// A piece of the body has arrived. The bytes belong to libcurl and are gone when this returns.
    func body(_ bytes: UnsafeRawBufferPointer) -> Demand
    /// The response is complete, as its framing defines it. This may come while paused, when no byte was left to hold back.
    func finished(_ summary: TransferSummary)
    /// There will be no (more) response.
    func failed(_ error: TransportError, _ summary: TransferSummary)
}
