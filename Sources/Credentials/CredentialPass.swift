package import Policy

/// The right to sign one request with certain material. Its owner calls `end` with what the answer says about the key; if it is released without
/// that, its place in the window of trust is still given back.
package struct CredentialPass: Sendable {
    package let credential: Credential
    let material: CredentialMaterial
    private let lockout: LockoutGuard.Pass?

    init(_ credential: Credential, _ material: CredentialMaterial, _ lockout: LockoutGuard.Pass?) {
        self.credential = credential
        self.material = material
        self.lockout = lockout
    }

    /// Whether the request gets a token; otherwise it gets a signature.
    package var isToken: Bool { lockout == nil }

    /// The end of the access key id that signs; nil for a token.
    package var accessKeyTail: String? { material.accessKeyTail }

    /// Signs one request, or adds a token to it, and consumes a permit: there is no other way to use a credential for HSS.
    package func authenticate(
        _ request: borrowing CredentialRequest, spending permit: consuming Permit, at time: SigningTime
    ) throws(CredentialError) -> CredentialHeaders {
        try material.headers(for: request, at: time)
    }

    /// The request has a connection and is about to be sent.
    /// - Returns: whether it may be sent. An unproven key signs only a few requests at a time; a request beyond that has to get a new pass.
    package func arrive() -> Bool {
        lockout.map { credential.arrive($0) } ?? true
    }

    /// What an answer, or a missing answer, says about the credential.
    package enum Verdict: Sendable {
        /// The cloud accepted it.
        case accepted
        /// The cloud refused it.
        case refused
        /// The answer says nothing about it.
        case unknown
        /// No connection could be made.
        case unreached
    }

    package func end(_ verdict: Verdict) {
        guard let lockout else {
            if verdict == .accepted { credential.accepted(material) }
            return
        }
        switch verdict {
        case .accepted: credential.end(lockout, .proven)
        case .refused: credential.end(lockout, .refused)
        case .unknown: credential.end(lockout, .silent)
        case .unreached: credential.end(lockout, .unreached)
        }
    }

    /// The cloud answered with this status; nil when the answer says nothing about the credential.
    ///
    /// 401 is a failed authentication. Statuses that are only sent after a successful authentication prove the key. Others may be sent before it: 404
    /// and 413 are decided earlier, and 5xx may come from any component.
    package func end(status: Int?) {
        // No status counts like one that says nothing.
        switch status ?? 0 {
        case 401: end(.refused)
        case 200..<300, 400, 403, 405, 409, 429: end(.accepted)
        default: end(.unknown)
        }
    }

    /// HSS refused the token although it had not expired.
    /// - Returns: whether another token is available or being fetched, so that the request can be sent once more.
    package func reject() -> Bool {
        isToken && credential.reject(material)
    }
}
