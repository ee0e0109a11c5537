/// The answer of an identity service, as far as anybody reads it. The body may hold keys, so it is a secret as a whole.
package struct IAMResponse: Sendable {
    package let status: Int
    /// `X-Subject-Token`, as it came.
    package let subjectToken: Secret?
    /// `Date`, as it came.
    package let date: String?
    /// `Retry-After`, as it came.
    package let retryAfter: String?
    package let body: Secret
    /// Who answered: the `Host` of the request, for sentences.
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

    /// The token that came, if it is one that could be sent on: visible ASCII of a token's length.
    var token: Secret? {
        guard let subjectToken, subjectToken.count <= Self.longestToken else { return nil }
        return subjectToken.withBytes { SecretFormat.headerText.fault(in: $0) } == nil ? subjectToken : nil
    }

    /// The largest answer that is read, bytes: a token may be in it, a catalogue of services is not asked for.
    package static let largestBody = 256 << 10
}
