import NIOCore

/// What a session reports to its connection, and asks it for. The calls come from within `HTTP2Session.receive` and `HTTP2Session.fill`, between two
/// frames or within one. The observer may submit frames meanwhile, but must not call `receive` or `fill` before the call has returned.
protocol HTTP2SessionObserver: AnyObject {
    /// The head of a request begins.
    func streamDidBegin(_ id: Int32)
    /// Trailers of a stream begin.
    func trailersDidBegin(on id: Int32)
    /// A field of the head or the trailers that began last. False if the block is too large to be read on: `receive` then returns early.
    func take(field name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool
    /// The head or the trailers that began last are whole.
    func fieldsDidEnd(on id: Int32, endsStream: Bool)
    func take(data: UnsafeRawBufferPointer, on id: Int32)
    /// A DATA frame ended that says that nothing follows.
    func dataDidEnd(on id: Int32)
    /// Both sides are done with a stream, or one has reset it.
    func streamDidClose(_ id: Int32)
    /// The library has reset a stream, because the caller broke the protocol or exceeded a limit.
    func didResetFaultyStream()
    /// A head has been put into the output.
    func didSendHead(on id: Int32)
    /// The last frame of a stream has been put into the output.
    func didSendEnd(on id: Int32)
    /// How much of an answer's body is sent next; nil if nothing is there for now.
    func nextData(on id: Int32, atMost limit: Int) -> HTTP2Session.Piece?
    /// Moves as much of the body as `nextData` has said into the output.
    func move(_ count: Int, on id: Int32, into output: inout ByteBuffer)
    /// A frame with data has been put into the output.
    func didSendData(on id: Int32)
}
