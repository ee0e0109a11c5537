/// Why records could not be handed to a sink, in a few words without secrets.
package struct SinkFailure: Error, Sendable, Hashable {
    package let reason: String
    /// How long the sink asked to be left alone, at least.
    package let retryAfter: Duration?
    /// Whether the sink says that it is the records' content that it can't take, and not where it stands or who asks.
    let isAboutContent: Bool

    package init(_ reason: String, retryAfter: Duration? = nil, isAboutContent: Bool = false) {
        self.isAboutContent = isAboutContent
        self.reason = reason
        self.retryAfter = retryAfter
    }
}
