/// Refusals that don't depend on the request.
extension Refusal {
    static let draining = Refusal(.draining, "The gateway is stopping.", hint: "Try again; another instance or the restarted one will answer.")

    static let loop = Refusal(
        .loop, "This request was passed on by a gateway already, by this one or by another.",
        hint: "The operator checks that no region's endpoint points at a gateway."
    )

    static let crossSite = Refusal(
        .crossSite, "A page of another site made this request, and its caller is known by its place alone.",
        hint: "Call from a program. A page may call with a key or token of its own, from the gateway's own origin."
    )

    static let unknownPage = Refusal(
        .crossSite, "A browser made this request without saying for which page, and its caller is known by its place alone.",
        hint: "Call from a program, with a key or token, or over TLS, where browsers say it."
    )

    static let foreignName = Refusal(
        .crossSite, "A browser made this request under a name that anybody can have resolved to this machine.",
        hint: "Use localhost or an address, or have the operator name the host in the listener's `hosts`."
    )

    static let auditUnavailable = Refusal(
        .auditUnavailable, "The audit journal can't be written, so nothing was sent to HSS.",
        hint: "Try again in a moment; the operator checks the journal's disk."
    )

    static let answerNotRecorded = Refusal(
        .auditUnavailable, "HSS answered, but the audit journal could not be written, so the answer is withheld.",
        hint: "HSS has executed the request: check before repeating anything but a read."
    )

    static let tooManyBodies = Refusal(
        .overloaded, "The gateway holds as many bytes of request bodies as it may.",
        hint: "Try again as Retry-After says; the operator sets `limits.bodies`."
    )

    static let tooManyPages = Refusal(
        .overloaded, "As many of the gateway's own pages as may wait for callers to read them.",
        hint: "Read the answers to earlier requests, then try again."
    )

    static let unreadableSecret = Refusal(
        .upstreamProtocol, "HSS's answer may hold a token and can't be read to remove it, so it is withheld.",
        hint: "HSS has executed the request: check before repeating anything but a read."
    )

    /// The credential has no keys and no token.
    static func credentialUnavailable(_ credential: String, retryAfter: Duration) -> Refusal {
        Refusal(
            .credentialUnavailable, "The credential \(credential) is not available, so nothing was sent to HSS.",
            hint: "Try again in a moment; the operator looks at the readiness check credential:\(credential).",
            retryAfterSeconds: retryAfter.secondsRoundedUp
        )
    }

    /// The key is not yet proven at this endpoint, and waiting for the requests that try it took too long.
    static func credentialUnproven(_ credential: String) -> Refusal {
        Refusal(
            .credentialUnavailable,
            "The credential \(credential) is being proved after a start or a refusal, so nothing was sent to HSS: until HSS has accepted it, "
                + "only a few requests leave at a time.",
            hint: "Try again in a moment.", retryAfterSeconds: 1
        )
    }

    /// The cloud refused the key too often in a row.
    static func credentialSuspended(_ credential: String, retryAfter: Duration) -> Refusal {
        Refusal(
            .credentialSuspended, "The credential \(credential) rests, because the cloud refused it.",
            hint: "Nothing was sent to HSS. The operator looks at the readiness check credential:\(credential).",
            retryAfterSeconds: retryAfter.secondsRoundedUp
        )
    }

    /// IAM has not yet returned the project's id.
    static func projectUnknown(_ project: String) -> Refusal {
        Refusal(
            .credentialUnavailable, "IAM has not said yet which id the project \(project) has, so nothing was sent to HSS.",
            hint: "Try again in a moment; the operator checks IAM, or writes the project's `id` into the configuration."
        )
    }

    /// A fault of the gateway, which must not look like one of the caller or of HSS.
    static let internalFault = Refusal(
        .internalFault, "A fault of the gateway's own kept this request from being sent.", hint: "Tell the operator the Audit-Id."
    )
}

extension Duration {
    /// For `Retry-After`: whole seconds, at least one.
    fileprivate var secondsRoundedUp: Int {
        max(1, Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0))
    }
}
