/// Limits of the data listeners.
package struct LimitSettings: Sendable, Hashable {
    package let requestBody: ByteCount
    /// All request bodies in hand together.
    package let bodies: ByteCount
    package let headerBlock: ByteCount
    package let headerTimeout: Duration
    package let idleTimeout: Duration
    package let connections: Int
    /// Requests under way at a time.
    package let inFlight: Int
    /// How long requests in flight may take to end after SIGTERM.
    package let drain: Duration
}
