/// The right to vouch for one request with certain material. Whoever holds it says in the end what became of the request.
package struct CredentialPass: Sendable {
    package let credential: Credential
    let material: CredentialMaterial
    private let lockout: LockoutGuard.Pass?

    init(_ credential: Credential, _ material: CredentialMaterial, _ lockout: LockoutGuard.Pass?) {
        self.credential = credential
        self.material = material
        self.lockout = lockout
    }

    /// Whether a token goes with the request; a signature does otherwise.
    package var isToken: Bool { lockout == nil }

    /// The end of the access key id that signs; nil for a token.
    package var accessKeyTail: String? { material.accessKeyTail }

    /// The cloud answered with this status; nil when nothing can be told about the credential.
    ///
    /// 401 is a failed authentication. What can only be answered by somebody who knows who asks proves the key. Anything else may come from
    /// in front of the question: 404 and 413 are decided before it, and 5xx by whoever is broken.
    package func end(status: Int?) {
        // Every status that can't be told anything from, none included, ends as 0.
        let status = status ?? 0
        guard let lockout else {
            if Self.isProof(status) { credential.accepted(material) }
            return
        }
        if status == 401 {
            credential.end(lockout, .refused)
        } else {
            credential.end(lockout, Self.isProof(status) ? .proven : .silent)
        }
    }

    private static func isProof(_ status: Int) -> Bool {
        switch status {
        case 200..<300, 400, 403, 405, 409, 429: true
        default: false
        }
    }

    /// HSS refused the token although it had not expired.
    /// - Returns: whether another one is there or under way, so that the request can be sent once more.
    package func reject() -> Bool {
        isToken && credential.reject(material)
    }
}

/// Whether a request may be vouched for.
package enum CredentialAdmission: Sendable {
    case ready(CredentialPass)
    case wait(CredentialWait)
    /// There is nothing to vouch with, and nothing is about to come.
    case unavailable(retryAfter: Duration)
    /// The cloud refused the key, which rests.
    case suspended(retryAfter: Duration)
}

/// What a request waits for.
package enum CredentialWait: Sendable, Equatable {
    /// Material is being obtained.
    case material
    /// A key that has not proved itself yet signs for a few requests at a time.
    case room
}
