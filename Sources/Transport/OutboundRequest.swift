package import NIOCore

/// One request to the upstream.
package struct OutboundRequest: Sendable {
    /// The destination; also determines the Host field.
    package var origin: Origin
    /// The method, sent unchanged.
    package var method: String
    /// The exact bytes of the request target: a slash, the path, the query.
    package var target: [UInt8]
    /// The fields, sent in this order. Host, the framing fields and the connection fields are the transport's own and are refused here.
    package var fields: OutboundFields
    /// The body; `nil` is none. Its size becomes Content-Length.
    package var body: ByteBuffer?
    /// Whether it is harmless if the upstream gets this request twice. A request that is not replayable is sent at most once.
    package var isReplayable: Bool

    /// Makes a request; nothing is checked here, ``HTTPTransport`` refuses what may not be sent.
    package init(
        origin: Origin,
        method: String,
        target: [UInt8],
        fields: OutboundFields = OutboundFields(),
        body: ByteBuffer? = nil,
        isReplayable: Bool = false
    ) {
        self.origin = origin
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
        self.isReplayable = isReplayable
    }
}
