package import NIOCore

/// The bounds of the data port: for one request, for one connection, and for all together. Each is enforced before what it bounds is kept.
package struct WireLimits: Sendable, Equatable {
    /// Largest request body, bytes.
    package var requestBody = 12 << 20
    /// All request bodies in memory together, bytes.
    package var bodies = 256 << 20
    /// Largest sum of field names and values of one request, and largest target, bytes.
    package var headerBlock = 64 << 10
    /// The most fields of one request. Clients of the SDKs send at most half as many.
    package var fieldCount = 200
    /// From the first byte of a request to the end of its head; also what a body may stall.
    package var headerTimeout: TimeAmount = .seconds(10)
    /// How long a connection may be idle.
    package var idleTimeout: TimeAmount = .seconds(60)
    /// Open connections of all listeners together.
    package var connections = 10_000
    /// Connections beyond those that are accepted only to be answered with 503; further ones wait in the kernel's queue.
    package var turnedAway = 64
    /// Requests under way at a time, including those that wait for their turn; further ones are refused. Each worker has its share.
    package var inFlight = 4_096
    /// Exports with one `Idempotency-Key` that wait for the first of them; one more is refused.
    package var sameKey = 64
    /// How long requests under way may continue after a stop was requested.
    package var drain: TimeAmount = .seconds(30)

    /// How many refusals of one source get a record of their own.
    package var refusals = RefusalRate()
    /// How long after a stop was requested new requests are accepted on open connections: some were on their way.
    package var lastRequests: TimeAmount = .milliseconds(500)

    package init() {}

    /// Accepted connections at a time.
    var accepted: Int { connections.addingReportingOverflow(turnedAway).overflow ? .max : connections + turnedAway }

    /// A body is cut off when its average rate stays below this; 1 KiB/s lets 12 MiB take over three hours, so it only catches
    /// callers that send just to keep a connection busy.
    static let slowestBodyBytesPerSecond = 1_024
    /// If a request is refused, a body up to this length is read to its end and discarded, so that the connection can be kept; a
    /// longer one ends the connection.
    static let discardedBody = 256 << 10
    /// A head counts against `limits.bodies` from this many bytes on: its sender is not known while it arrives, and in HTTP/2 one byte can refer to
    /// four thousand. SDKs send less.
    static let smallHead = 8 << 10
    /// Longest method that is read and recorded, bytes: no registered one is longer.
    static let longestMethod = 32
    /// How long a connection stays open after a refusal, so that the caller can read the answer while it still sends.
    package static let lingering: TimeAmount = .seconds(2)
    /// Answers waiting for a slow caller, bytes; above it the upstream is paused. Callers that read as fast as the upstream writes never reach it:
    /// their bytes wait in the kernel. A slow caller costs what was flushed at once, and what libcurl had read by then.
    static let writeHighWatermark = 32 << 10
    static let writeLowWatermark = 16 << 10
    /// Bytes of an answer that are flushed before the event loop turn ends, so that the caller gets them while more is read. With the head
    /// and one more piece, of at most 16 KiB from libcurl, they fit into 64 KiB: a buffer grows by doubling.
    static let flushedAtOnce = 48 << 10
}
