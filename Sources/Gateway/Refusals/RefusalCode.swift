/// Every reason for which the gateway itself answers, with its number, status and title. The numbers are the contract
/// (documented in `docs/errors.md`): callers match on `HSSGW.<number>`, so a number never changes its meaning.
package enum RefusalCode: Int, Sendable, CaseIterable {
    case badRequest = 4000
    case loop = 4001
    case notInAPI = 4002
    case badEnterpriseProject = 4003
    case reasonRequired = 4004
    case callerUnknown = 4010
    case signatureMismatch = 4011
    case dateOutsideWindow = 4012
    case replay = 4013
    case operationUnknown = 4030
    case policyDenied = 4031
    case enterpriseProjectDenied = 4032
    case projectDenied = 4033
    case crossSite = 4034
    case regionDenied = 4035
    case callerTooSlow = 4080
    case exportUnknown = 4090
    case bodyTooLarge = 4130
    case idempotencyConflict = 4220
    case rateLimited = 4290
    case quotaExhausted = 4291
    case headersTooLarge = 4310
    case internalFault = 5000
    case cannotConnect = 5020
    case upstreamTLS = 5021
    case upstreamProtocol = 5022
    case credentialUnavailable = 5030
    case credentialSuspended = 5031
    case auditUnavailable = 5032
    case overloaded = 5033
    case draining = 5034
    case fleetUnavailable = 5035
    case upstreamTimeout = 5040

    /// The HTTP status of the code (RFC 9110 section 15; 508 from RFC 5842, 429 and 431 from RFC 6585).
    package var status: Int {
        switch self {
        case .loop: 508
        case .notInAPI: 404
        case .callerUnknown, .signatureMismatch, .dateOutsideWindow, .replay: 401
        case .operationUnknown, .policyDenied, .enterpriseProjectDenied, .projectDenied, .crossSite, .regionDenied: 403
        case .callerTooSlow: 408
        case .exportUnknown: 409
        case .bodyTooLarge: 413
        case .idempotencyConflict: 422
        case .rateLimited, .quotaExhausted: 429
        case .headersTooLarge: 431
        case .internalFault: 500
        case .cannotConnect, .upstreamTLS, .upstreamProtocol: 502
        case .credentialUnavailable, .credentialSuspended, .auditUnavailable, .overloaded, .draining, .fleetUnavailable: 503
        case .upstreamTimeout: 504
        case .badRequest, .badEnterpriseProject, .reasonRequired: 400
        }
    }

    /// The `title` member: one word in snake case that never changes.
    package var title: String {
        switch self {
        case .badRequest: "bad_request"
        case .loop: "loop_detected"
        case .notInAPI: "not_in_api"
        case .badEnterpriseProject: "bad_enterprise_project_id"
        case .reasonRequired: "reason_required"
        case .callerUnknown: "caller_unknown"
        case .signatureMismatch: "signature_mismatch"
        case .dateOutsideWindow: "date_outside_window"
        case .replay: "replay"
        case .operationUnknown: "operation_unknown"
        case .policyDenied: "policy_denied"
        case .enterpriseProjectDenied: "enterprise_project_denied"
        case .projectDenied: "project_denied"
        case .crossSite: "cross_site"
        case .regionDenied: "region_denied"
        case .callerTooSlow: "caller_too_slow"
        case .exportUnknown: "export_unknown"
        case .bodyTooLarge: "body_too_large"
        case .idempotencyConflict: "idempotency_conflict"
        case .rateLimited: "rate_limited"
        case .quotaExhausted: "quota_exhausted"
        case .headersTooLarge: "headers_too_large"
        case .internalFault: "internal_fault"
        case .cannotConnect: "cannot_connect"
        case .upstreamTLS: "upstream_tls"
        case .upstreamProtocol: "upstream_protocol"
        case .credentialUnavailable: "credential_unavailable"
        case .credentialSuspended: "credential_suspended"
        case .auditUnavailable: "audit_unavailable"
        case .overloaded: "overloaded"
        case .draining: "draining"
        case .fleetUnavailable: "fleet_unavailable"
        case .upstreamTimeout: "upstream_timeout"
        }
    }

    /// Whether the same request may succeed later without being changed.
    package var isRetryable: Bool {
        switch self {
        case .rateLimited, .quotaExhausted, .callerTooSlow, .cannotConnect, .credentialUnavailable, .credentialSuspended,
            .auditUnavailable, .overloaded, .draining, .fleetUnavailable, .upstreamTimeout:
            true
        default:
            false
        }
    }

    /// Seconds for `Retry-After` if the refusal itself has no value; every 429 and 503 has one.
    package var defaultRetryAfterSeconds: Int? {
        switch status {
        case 429, 503: self == .draining ? 1 : 5
        default: nil
        }
    }

    /// `HSSGW.4031`, the form that the official SDKs report.
    package var text: String { "HSSGW.\(rawValue)" }
}
