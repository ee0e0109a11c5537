/// Limits of the data listeners.
package struct LimitSettings: Sendable, Hashable {
    package let requestBody: ByteCount
    /// All request bodies in hand together.
    package let bodies: ByteCount
    package let headerBlock: ByteCount
    /// Of a caller's JSON Web Token.
    package let token: ByteCount
    package let headerTimeout: Duration
    package let idleTimeout: Duration
    package let connections: Int
    /// Requests under way at a time.
    package let inFlight: Int
    /// Exports with one `Idempotency-Key` that wait for the first of them.
    package let sameKey: Int
    /// Refusals of one source that get a record each; more are summed up.
    package let refusalsPerSource: Rate
    /// The part of the journal's disk that records of refusals may take.
    package let refusalsDisk: Percentage
    /// How long requests in flight may take to end after SIGTERM.
    package let drain: Duration
    /// How long new requests are still taken after SIGTERM, while `/readyz` fails already.
    package let drainDelay: Duration
}
