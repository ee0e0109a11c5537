import NIOCore
import NIOHPACK
import NIOHTTP2

/// The bounds of one HTTP/2 connection, each against a known denial-of-service attack.
enum StreamLimits {
    /// Requests in flight on one connection.
    static let concurrentStreams = 100
    /// Streams that a caller may open and reset within half a minute (rapid reset, CVE-2023-44487).
    static let resets = 200
    /// Streams that may fail on their head within half a minute.
    static let faultyStreams = 200
    /// PING, SETTINGS and PRIORITY frames within half a minute: each needs an answer or some bookkeeping (CVE-2019-9512, 9515, 9513).
    static let controlFrames = 200
    static let window: TimeAmount = .seconds(30)
    /// CONTINUATION frames of one head (CVE-2024-27316) beyond those that a head needs with frames of 16 KiB.
    static let spareContinuationFrames = 8
    private static let frame = 1 << 14
    /// A head up to this many times `limits.header_block` is read to its end, so that it can be answered with 431: a head that isn't read
    /// leaves the connection's table of fields unknown, and ends the connection.
    private static let readHeads = 4
    /// DATA frames without data in a row (CVE-2019-9518). Clients end a body with one.
    static let emptyDataFrames = 2
    /// Answers to control frames that a caller doesn't read (CVE-2019-9517).
    static let bufferedControlFrames = 256
    /// Body bytes of one stream on their way before the request's reader asks for more.
    static let streamWindow = 64 << 10
    /// Of all streams of a connection together.
    static let connectionWindow = 1 << 20

    static func configuration(headerBlock: Int) -> NIOHTTP2Handler.Configuration {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: concurrentStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: headerBlock * readHeads),
            HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
        ]
        // `StreamHead` judges heads of requests, and heads of answers are made of fields that were judged before. Doing both again cost 30 of the
        // 365 thousand instructions of a request.
        connection.headerBlockValidation = .disabled
        connection.maximumSequentialEmptyDataFrames = emptyDataFrames
        connection.maximumBufferedControlFrames = bufferedControlFrames
        connection.maximumSequentialContinuationFrames = headerBlock * readHeads / frame + spareContinuationFrames
        connection.targetWindowSize = connectionWindow
        connection.controlFrameRateLimit.maximumCount = controlFrames
        connection.controlFrameRateLimit.windowLength = window
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = streamWindow
        stream.outboundBufferSizeHighWatermark = WireLimits.writeHighWatermark
        stream.outboundBufferSizeLowWatermark = WireLimits.writeLowWatermark
        stream.streamResetFrameRateLimit.maximumCount = resets
        stream.streamResetFrameRateLimit.windowLength = window
        stream.streamErrorRateLimit.maximumCount = faultyStreams
        stream.streamErrorRateLimit.windowLength = window
        return NIOHTTP2Handler.Configuration(connection: connection, stream: stream)
    }
}
