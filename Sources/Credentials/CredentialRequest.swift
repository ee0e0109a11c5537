package import Policy

/// The parts of a request that a credential needs for signing.
///
/// It can't be copied, only borrowed: copies retained and released its eight references twice for each signature.
package struct CredentialRequest: ~Copyable, Sendable {
    /// The method in upper case, as it is sent.
    package var method: String
    /// The target, in the one form that is both signed and sent.
    package var target: RequestTarget
    /// The `Host` field exactly as it is sent, with its port when it has one.
    package var host: String
    /// The `Content-Type` field, when one is sent.
    package var contentType: String?
    /// The `region` field, when one is sent; 110 operations take it (protocol page c.4).
    package var region: String?
    /// The id of the project that the call is about.
    package var projectID: String?
    /// The hash of the body; `PayloadHash.empty` when there is none. A body that isn't JSON is always declared unsigned.
    package var payload: PayloadHash

    package init(
        method: String, target: RequestTarget, host: String, contentType: String? = nil, region: String? = nil, projectID: String? = nil,
        payload: PayloadHash = .empty
    ) {
        self.method = method
        self.target = target
        self.host = host
        self.contentType = contentType
        self.region = region
        self.projectID = projectID
        self.payload = payload
    }
}
