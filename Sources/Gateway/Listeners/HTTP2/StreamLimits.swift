import NIOCore

/// The bounds of one HTTP/2 connection, each against a known denial-of-service attack.
enum StreamLimits {
    /// Requests in flight on one connection.
    static let concurrentStreams = 100
    /// Streams that a caller may open and reset within half a minute (rapid reset, CVE-2023-44487).
    static let resets = 200
    /// Streams that may break the protocol within half a minute. A caller that makes the gateway reset them has as little effort as one that resets
    /// them itself (CVE-2025-8671).
    static let faultyStreams = 200
    /// PING, SETTINGS and PRIORITY frames within half a minute: each needs an answer or some bookkeeping (CVE-2019-9512, 9515, 9513).
    static let controlFrames = 200
    static let window: TimeAmount = .seconds(30)
    /// CONTINUATION frames of one head (CVE-2024-27316, CVE-2024-28182) beyond those that a head needs with frames of 16 KiB.
    private static let spareContinuationFrames = 8
    private static let frame = 1 << 14
    /// A head up to this many times `limits.header_block` is read to its end, so that it can be answered with 431: a head that isn't read
    /// leaves the connection's table of fields unknown, and ends the connection.
    private static let readHeads = 4
    /// DATA frames without data in a row (CVE-2019-9518). Clients end a body with one.
    static let emptyDataFrames = 2
    /// Answers to control frames that a caller doesn't read (CVE-2019-9517).
    static let bufferedControlFrames = 256
    /// Frames without a body that a caller doesn't read: the above, and for each stream a WINDOW_UPDATE and a RST_STREAM.
    static let bufferedFrames = bufferedControlFrames + 2 * concurrentStreams
    /// Bytes of the table of fields that answers refer to. A caller may offer a larger one (RFC 9113 section 6.5.2), up to 4 GiB: it would be filled,
    /// and searched for each field of each answer.
    static let headerTable = 4_096
    /// The largest head of an answer: what `TransportLimits` lets through, with room for the gateway's own fields.
    static let answerHead = 512 << 10
    /// Bytes of answers that wait for a connection's windows, of all its streams together; beyond it the upstream is paused as by one slow caller.
    static let unsentAnswers = 256 << 10
    /// Body bytes of one stream on their way before the request's reader asks for more.
    static let streamWindow = 64 << 10
    /// Of all streams of a connection together.
    static let connectionWindow = 1 << 20

    /// The largest head that is read, in bytes as SETTINGS_MAX_HEADER_LIST_SIZE counts them.
    static func readHead(headerBlock: Int) -> Int {
        // Bounded: `limits.header_block` is a MiB at most.
        headerBlock * readHeads
    }

    static func continuationFrames(headerBlock: Int) -> Int {
        readHead(headerBlock: headerBlock) / frame + spareContinuationFrames
    }
}
