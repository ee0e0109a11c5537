/// The bounds of one ``HTTPTransport`` that are not an operator's to set.
enum TransportLimits {
    /// Transfers at work at the same time; more are refused as ``TransportError/overloaded``.
    static let activeTransfers = 16_384
    /// Finished easy handles kept for the next request; one costs some 10 KiB.
    static let pooledEasyHandles = 256
    /// Bytes of an upstream's head: status line and fields, with interim responses and trailers.
    static let responseHeadBytes = 256 * 1024
    /// Fields in an upstream's head.
    static let responseFields = 1_000
    /// Bytes of a request's fields; a token alone may be 32 KiB.
    static let requestHeadBytes = 128 * 1024
    /// Fields of a request.
    static let requestFields = 256
    /// Bytes of a request target.
    static let requestTargetBytes = 32 * 1024
    /// Bytes of a file of certificates, the system's or the extra one.
    static let certificateFileBytes = 8 * 1024 * 1024
    /// Socket events taken from the kernel at a time.
    static let socketEventsPerWake = 256
    /// Bytes of one body after which others on the loop have their turn.
    static let bodyBytesPerEvent = 128 * 1024
    /// Rounds of work that one wake may give itself before other work on the loop has its turn.
    static let roundsPerWake = 4
    /// HTTP/2 streams on one connection. libcurl buffers up to 10 MiB for a stream that is paused, so this bounds that memory as well.
    static let concurrentStreams = 32
    /// How often a transfer is sent again whose HTTP/2 origin went away without taking it. libcurl's own bound for refused streams is 5.
    static let sendingsAfterGoaway = 3
    /// Seconds a connection may have been idle and still be used again.
    static let idleConnectionSeconds = 90
    /// How much of `connectionLifetime` a connection has at least; the rest is chance, so that connections don't end together.
    static let shortestLifetimeShare = 0.8
    /// Seconds that the addresses of a name are remembered.
    static let nameCacheSeconds = 30
}
