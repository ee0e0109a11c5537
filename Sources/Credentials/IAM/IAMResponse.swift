/// The answer of an identity service, reduced to the parts that are used. The body may hold keys, so it is a secret as a whole.
package struct IAMResponse: Sendable {
    package let status: Int
    /// `X-Subject-Token`, as received.
    package let subjectToken: Secret?
    /// `Date`, as received.
    package let date: String?
    /// `Retry-After`, as received.
    package let retryAfter: String?
    package let body: Secret
    /// The `Host` of the request, for messages.
    var host: String?

    package init(status: Int, subjectToken: Secret? = nil, date: String? = nil, retryAfter: String? = nil, body: Secret) {
        self.status = status
        self.subjectToken = subjectToken
        self.date = date
        self.retryAfter = retryAfter
        self.body = body
    }

    /// The longest token that HSS documents for `X-Auth-Token`, bytes.
    private static let longestToken = 32 << 10

    /// The token received, if it is usable: visible ASCII, not longer than a token may be.
    var token: Secret? {
        guard let subjectToken, subjectToken.count <= Self.longestToken else { return nil }
        return subjectToken.withBytes { SecretFormat.headerText.fault(in: $0) } == nil ? subjectToken : nil
    }

    /// The largest answer that is read, bytes: it may contain a token; a catalogue of services is not requested.
    package static let largestBody = 256 << 10
}
