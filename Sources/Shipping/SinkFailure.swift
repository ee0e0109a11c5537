/// Why records could not be passed to a sink, in a few words without secrets.
package struct SinkFailure: Error, Sendable, Hashable {
    package let reason: String
    /// The shortest wait that the sink requires.
    package let retryAfter: Duration?
    /// Whether the sink refuses the content of the records, and not the address or the credentials.
    let isAboutContent: Bool

    package init(_ reason: String, retryAfter: Duration? = nil, isAboutContent: Bool = false) {
        self.isAboutContent = isAboutContent
        self.reason = reason
        self.retryAfter = retryAfter
    }
}
