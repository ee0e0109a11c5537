package import NIOCore

/// The bounds of the data port, per connection. Every one is enforced before the thing it bounds is kept.
package struct WireLimits: Sendable, Equatable {
    /// Largest request body, bytes.
    package var requestBody = 12 << 20
    /// All request bodies in hand together, bytes.
    package var bodies = 256 << 20
    /// Largest sum of field names and values of one request, and largest target, bytes.
    package var headerBlock = 64 << 10
    /// Most fields of one request. 200 is twice what any client of the SDKs was seen to send, many times over.
    package var fieldCount = 200
    /// From the first byte of a request to the end of its head; also what a body may stall.
    package var headerTimeout: TimeAmount = .seconds(10)
    /// A connection on which nothing happens.
    package var idleTimeout: TimeAmount = .seconds(60)
    /// Open connections of all listeners together.
    package var connections = 10_000
    /// Connections beyond those that are accepted to be told so with a 503; whoever comes on top waits in the kernel's queue.
    package var turnedAway = 64
    /// Requests under way at a time, those that wait for their turn included; what comes on top is refused. Each worker has its share.
    package var inFlight = 4_096
    /// Exports with one `Idempotency-Key` that wait for the first of them; one more is refused.
    package var sameKey = 64
    /// How long requests in flight may go on after a stop was asked for.
    package var drain: TimeAmount = .seconds(30)

    /// How many refusals of one source get a record each.
    package var refusals = RefusalRate()
    /// How long after a stop was asked for requests may still come in on connections that are open: some were on their way.
    package var lastRequests: TimeAmount = .milliseconds(500)

    package init() {}

    /// Accepted connections at a time.
    var accepted: Int { connections.addingReportingOverflow(turnedAway).overflow ? .max : connections + turnedAway }

    /// A body that dribbles is cut off when it stays below this rate on the whole; 1 KiB/s lets 12 MiB take over three hours, so
    /// it only catches those who send to keep a connection busy.
    static let slowestBodyBytesPerSecond = 1_024
    /// A body no longer than this is read to its end and thrown away when its request was refused, so that the connection can be
    /// kept; a longer one ends the connection.
    static let discardedBody = 256 << 10
    /// How long a refused connection is kept open for the caller to read the answer while it still sends.
    package static let lingering: TimeAmount = .seconds(2)
    /// Answers waiting for a slow caller, bytes; above it the upstream is paused. Callers that read as fast as the upstream writes never get there:
    /// their bytes wait in the kernel. A slow caller costs what was flushed at once, and what libcurl had read by then.
    static let writeHighWatermark = 32 << 10
    static let writeLowWatermark = 16 << 10
    /// Bytes of an answer that leave before the tick ends, so that the caller is served while more is read. With the head and one more piece,
    /// of which libcurl's have at most 16 KiB, they fit into 64 KiB: a buffer grows by doubling.
    static let flushedAtOnce = 48 << 10
}
