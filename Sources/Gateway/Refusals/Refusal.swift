/// An answer that the gateway itself gives: what went wrong and what to do about it, as a text for the caller.
///
/// It never contains text of the runtime, libcurl, the upstream or a credential.
package struct Refusal: Error, Sendable, Equatable {
    package let code: RefusalCode
    /// The code's status, unless HTTP has a more specific one.
    package let status: Int
    /// What went wrong, in one sentence.
    package let message: String
    /// What to do.
    package let hint: String
    /// The policy rule that decided, if one did.
    package let rule: String?
    package let retryAfterSeconds: Int?

    package init(_ code: RefusalCode, _ message: String, hint: String, rule: String? = nil, retryAfterSeconds: Int? = nil, status: Int? = nil) {
        self.code = code
        self.status = status ?? code.status
        self.message = message
        self.hint = hint
        self.rule = rule
        self.retryAfterSeconds = retryAfterSeconds ?? code.defaultRetryAfterSeconds
    }
}

/// How many refusals of one source get their own record (`limits.refusals.per_source`).
package struct RefusalRate: Sendable, Equatable {
    package var count = 10
    package var period: Duration = .seconds(1)

    package init() {}

    package init(count: Int, period: Duration) {
        self.count = count
        self.period = period
    }
}
