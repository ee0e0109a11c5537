package import Policy

/// One key that was made for a caller, as the key file keeps it.
package struct CallerKey: Sendable, Hashable {
    package let kind: ProvenKey.Kind
    package let id: String
    package let caller: String
    /// RFC 3339, seconds.
    package let created: String
    package var revoked: String?
    /// SHA-256 of an API key, 64 hexadecimal digits; of a virtual key nothing is kept.
    package let digest: String?

    package init(kind: ProvenKey.Kind, id: String, caller: String, created: String, revoked: String? = nil, digest: String? = nil) {
        self.kind = kind
        self.id = id
        self.caller = caller
        self.created = created
        self.revoked = revoked
        self.digest = digest
    }
}
