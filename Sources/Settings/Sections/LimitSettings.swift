/// Limits of the data listeners.
package struct LimitSettings: Sendable, Hashable {
    package let requestBody: ByteCount
    /// All request bodies in memory together.
    package let bodies: ByteCount
    package let headerBlock: ByteCount
    /// Maximum size of a caller's JSON Web Token.
    package let token: ByteCount
    package let headerTimeout: Duration
    package let idleTimeout: Duration
    package let connections: Int
    /// Requests under way at a time.
    package let inFlight: Int
    /// Exports with one `Idempotency-Key` that wait for the first of them.
    package let sameKey: Int
    /// Refusals of one source that get their own record; further ones are counted in summary records.
    package let refusalsPerSource: Rate
    /// The part of the journal's disk that records of refusals may take.
    package let refusalsDisk: Percentage
    /// How long requests in flight may take to end after SIGTERM.
    package let drain: Duration
    /// How long new requests are still accepted after SIGTERM, while `/readyz` already fails.
    package let drainDelay: Duration
}
