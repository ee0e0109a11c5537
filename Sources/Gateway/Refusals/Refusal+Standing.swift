/// Refusals that say the same for every request.
extension Refusal {
    static let draining = Refusal(.draining, "The gateway is stopping.", hint: "Try again; another instance or the restarted one will answer.")

    static let loop = Refusal(
        .loop, "This request was passed on by a gateway already, by this one or by another.",
        hint: "The operator checks that no region's endpoint points at a gateway."
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

    static let unreadableSecret = Refusal(
        .upstreamProtocol, "HSS's answer may hold a token and can't be read to remove it, so it is withheld.",
        hint: "HSS has executed the request: check before repeating anything but a read."
    )

    /// There is nothing to vouch with.
    static func credentialUnavailable(_ credential: String, retryAfter: Duration) -> Refusal {
        Refusal(
            .credentialUnavailable, "The credential \(credential) is not available, so nothing was sent to HSS.",
            hint: "Try again in a moment; the operator looks at the readiness check credential:\(credential).",
            retryAfterSeconds: retryAfter.secondsRoundedUp
        )
    }

    /// The cloud refused the key too often in a row, or it has not proved itself yet and others wait for that already.
    static func credentialSuspended(_ credential: String, retryAfter: Duration) -> Refusal {
        Refusal(
            .credentialSuspended, "The credential \(credential) rests, because the cloud refused it or has not accepted it yet.",
            hint: "Nothing was sent to HSS. The operator looks at the readiness check credential:\(credential).",
            retryAfterSeconds: retryAfter.secondsRoundedUp
        )
    }

    /// IAM has not said yet which id the project has.
    static func projectUnknown(_ project: String) -> Refusal {
        Refusal(
            .credentialUnavailable, "IAM has not said yet which id the project \(project) has, so nothing was sent to HSS.",
            hint: "Try again in a moment; the operator checks IAM, or writes the project's `id` into the configuration."
        )
    }

    /// A mistake of ours, which must not look like one of the caller's or of HSS's.
    static let internalFault = Refusal(.overloaded, "The gateway could not send this request.", hint: "Tell the operator the request id.")
}

extension Duration {
    /// For `Retry-After`: whole seconds, at least one.
    fileprivate var secondsRoundedUp: Int {
        max(1, Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0))
    }
}
