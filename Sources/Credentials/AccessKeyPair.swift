/// An access key and its secret key, permanent or temporary.
package struct AccessKeyPair: Sendable {
    /// The public half (AK).
    package let accessKeyID: String
    /// The secret half (SK).
    package let secretKey: Secret
    /// The token of a temporary pair, which has to be sent and signed with each request (protocol page a.7).
    package let securityToken: Secret?

    package init(accessKeyID: String, secretKey: Secret, securityToken: Secret? = nil) {
        self.accessKeyID = accessKeyID
        self.secretKey = secretKey
        self.securityToken = securityToken
    }
}

extension AccessKeyPair: CustomStringConvertible {
    /// Shows only the end of the access key id.
    package var description: String { "AccessKeyPair(…\(AccessKeyTail.of(accessKeyID)))" }
}
