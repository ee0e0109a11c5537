import NIOCore

/// The state of an easy handle's present transfer. A value, so that the next transfer starts from a clean one.
struct TransferState {
    /// How far the transfer has come; each stage has its own timeout.
    enum Stage {
        case connecting
        /// libcurl has a connection and sends, or waits for the head.
        case waiting
        case receiving
    }

    /// Incremented over the transport's life; 0 if there is no transfer. It shows that a ``Transfer`` kept by its sender is stale.
    var id: UInt64 = 0
    /// Released when the transfer ends or is cancelled; after that there are no more callbacks.
    var delegate: (any TransferDelegate)?
    var stage = Stage.connecting
    var isReplayable = false
    var isAnswerToHead = false
    /// The body libcurl reads from; retained here because libcurl only has the pointer.
    var body: ByteBuffer?
    var isCancelled = false
    /// The delegate asked for a pause.
    var isPaused = false
    /// libcurl was paused and holds bytes back; it must be notified when the pause ends.
    var isHeldByLibrary = false
    /// A failure that this layer found, which libcurl only reports as an aborted callback.
    var failure: TransportError?
    /// Whether an address of the origin's name was refused.
    var wasAddressRefused = false
    var framing = ResponseHead.Framing.none
    var speaksHTTP2 = false
    /// Whether its connection may be one of HTTP/2.
    var mayShareConnection = false
    var started = NIODeadline.distantPast
    var lastProgress = NIODeadline.distantPast
    var headReceived: NIODeadline?
    var attempts = 0
    var bytesReceived = 0
    var uploadedBytes = 0

    /// Whether a socket was opened for this transfer since libcurl last began to send it.
    var hasOpenedSocket = false
    /// Whether the connection that it was last sent on was made for it.
    var hasOwnConnection = false
    /// Whether the origin has sent a GOAWAY on that connection and processed no stream at all.
    var wasLeftOut = false
    /// Whether a frame of its stream has been received; bytes of the body in such frames; whether the origin has ended the stream.
    var hasStream = false
    var streamBytes = 0
    var hasStreamEnded = false
    /// Whether a head or trailers on its stream were malformed.
    var isMalformed = false
    /// How often the request was sent again because of a GOAWAY.
    var sendingsAfterGoaway = 0
    /// The connection that the request is sent on, once libcurl has one.
    var connection: ConnectionName?

    /// Whether an HTTP/1 answer is complete, given that libcurl waits for nothing more. Libcurl also waits for nothing while a transfer is paused,
    /// and on HTTP/2 there is more than one stream.
    var isHTTP1AnswerComplete: Bool { headReceived != nil && !isHeldByLibrary && !speaksHTTP2 }

    /// Which timeout has passed at `now`, if one has. The connect timeout is libcurl's own.
    func expired(at now: NIODeadline, _ timeouts: TransferTimeouts) -> TimeoutPhase? {
        if now - started > timeouts.total { return .total }
        switch stage {
        case .connecting: return nil
        case .waiting: return now - lastProgress > timeouts.firstByte ? .firstByte : nil
        // While the receiver has paused, the upstream is not the cause of the silence.
        case .receiving: return !isPaused && now - lastProgress > timeouts.idle ? .idle : nil
        }
    }
}
