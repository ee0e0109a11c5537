import Testing

@testable import Gateway

@Suite struct RefusalCodeTests {
    /// The contract: a number never changes its meaning, and there are no others.
    private static let contract: [(number: Int, status: Int, title: String)] = [
        (4000, 400, "bad_request"), (4001, 508, "loop_detected"), (4002, 404, "not_in_api"), (4003, 400, "bad_enterprise_project_id"),
        (4004, 400, "reason_required"), (4010, 401, "caller_unknown"), (4011, 401, "signature_mismatch"),
        (4012, 401, "date_outside_window"),
        (4013, 401, "replay"), (4030, 403, "operation_unknown"), (4031, 403, "policy_denied"), (4032, 403, "enterprise_project_denied"),
        (4033, 403, "project_denied"), (4034, 403, "cross_site"), (4035, 403, "region_denied"), (4080, 408, "caller_too_slow"),
        (4090, 409, "export_unknown"), (4130, 413, "body_too_large"), (4220, 422, "idempotency_conflict"), (4290, 429, "rate_limited"),
        (4291, 429, "quota_exhausted"), (4310, 431, "headers_too_large"), (5000, 500, "internal_fault"), (5020, 502, "cannot_connect"),
        (5021, 502, "upstream_tls"), (5022, 502, "upstream_protocol"), (5030, 503, "credential_unavailable"),
        (5031, 503, "credential_suspended"), (5032, 503, "audit_unavailable"), (5033, 503, "overloaded"), (5034, 503, "draining"),
        (5035, 503, "fleet_unavailable"),
        (5040, 504, "upstream_timeout"),
    ]

    @Test func `has the contract's numbers and no others`() {
        #expect(RefusalCode.allCases.map(\.rawValue).sorted() == Self.contract.map(\.number))
        for (number, status, title) in Self.contract {
            let code = RefusalCode(rawValue: number)
            #expect(code?.status == status && code?.title == title && code?.text == "HSSGW.\(number)", "\(number)")
        }
    }

    @Test func `gives every 429 and 503 a Retry-After and no other status one`() {
        for code in RefusalCode.allCases {
            let seconds = Refusal(code, "What.", hint: "Do.").retryAfterSeconds
            #expect((seconds != nil) == [429, 503].contains(code.status), "\(code)")
            #expect(seconds ?? 1 >= 1, "\(code)")
            if seconds != nil { #expect(code.isRetryable, "\(code)") }
        }
        #expect(Refusal(.rateLimited, "What.", hint: "Do.", retryAfterSeconds: 42).retryAfterSeconds == 42)
    }
}
