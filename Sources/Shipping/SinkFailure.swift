/// Why records could not be handed to a sink, in a few words without secrets.
package struct SinkFailure: Error, Sendable, Hashable {
    package let reason: String
    /// How long the sink asked to be left alone, at least.
    package let retryAfter: Duration?

    package init(_ reason: String, retryAfter: Duration? = nil) {
        self.reason = reason
        self.retryAfter = retryAfter
    }
}
