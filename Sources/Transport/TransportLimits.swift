/// The bounds of one ``HTTPTransport`` that are not configurable.
enum TransportLimits {
    /// Transfers under way at the same time; further ones are refused as ``TransportError/overloaded``.
    static let activeTransfers = 16_384
    /// Finished easy handles that are always kept for later requests; one costs some 10 KiB.
    static let pooledEasyHandles = 256
    /// Further ones, which no request has needed for a sweep, are released so many at a time, in less than a millisecond.
    static let easyHandlesReleasedAtOnce = 64
    /// Bytes of an upstream's head: status line and fields, with interim responses and trailers.
    static let responseHeadBytes = 256 * 1024
    /// The same over HTTP/2. libcurl 7.88.1 keeps what its buffer has no room for, and the end of a small answer behind it, until something else
    /// arrives on the connection: such an answer would be as good as lost when its timeout ends.
    static let streamHeadBytes = EasyHandle.bufferBytes - 1
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
    /// Bytes of one body after which other work on the loop gets its turn.
    static let bodyBytesPerEvent = 128 * 1024
    /// Rounds of work per wake-up before other work on the loop gets its turn.
    static let roundsPerWake = 4
    /// HTTP/2 streams on one connection. libcurl buffers up to 10 MiB for a stream that is paused, so this bounds that memory as well.
    static let concurrentStreams = 32
    /// How often a transfer is sent again if its HTTP/2 origin closed the connection without processing it. libcurl's own bound for refused streams
    /// is 5.
    static let sendingsAfterGoaway = 3
    /// Seconds a connection may have been idle and still be used again.
    static let idleConnectionSeconds = 90
    /// The minimum share of `connectionLifetime` for a connection; the rest is random, so that connections don't all end at the same time.
    static let shortestLifetimeShare = 0.8
    /// Seconds for which the addresses of a name are cached.
    static let nameCacheSeconds = 30
}
