/// How the gateway connects to HSS and IAM.
package struct UpstreamSettings: Sendable, Hashable {
    /// Which HTTP version is offered to the upstream.
    package enum HTTP2: String, Sendable, Hashable, CaseIterable {
        case auto
        case off
        case priorKnowledge = "prior-knowledge"
    }

    /// When a read operation is sent once more.
    package struct Retry: Sendable, Hashable {
        /// What may be retried: no connection, or one of three answers.
        package enum Reason: String, Sendable, Hashable, CaseIterable {
            case connect
            case badGateway = "502"
            case serviceUnavailable = "503"
            case gatewayTimeout = "504"
        }

        /// All attempts together; 1 means no retry.
        package let attempts: Int
        package let reasons: [Reason]
    }

    package let connectTimeout: Duration
    package let firstByteTimeout: Duration
    package let idleTimeout: Duration
    package let totalTimeout: Duration
    /// A connection serves no new request after this time, so that a changed address is noticed.
    package let connectionLifetime: Duration
    /// Kept open per worker.
    package let connections: Int
    package let http2: HTTP2
    /// A PEM file of certificate authorities, in addition to the system's.
    package let authorityFile: String?
    /// libcurl's `sha256//BASE64`, several joined by semicolons.
    package let pinnedPublicKey: String?
    package let proxy: ProxyReference?
    /// The value of the variable `NO_PROXY`, when `proxy` comes from `HTTPS_PROXY`.
    package let noProxy: String?
    package let retry: Retry
    package let flowControl: FlowControl
    package let coalescing: Coalescing

    /// How the gateway stays within the cloud's quota.
    package enum FlowControl: Sendable, Hashable {
        case adaptive(Waiting)
        case off
        case fixed(FixedPace, Waiting)
    }

    /// How long and how many requests may wait for their turn.
    package struct Waiting: Sendable, Hashable {
        package let longest: Duration
        package let queue: Int
    }

    /// A pace that is configured instead of learnt.
    package struct FixedPace: Sendable, Hashable {
        package let perOperation: Rate
        package let perAPI: Rate
    }

    /// Whether identical reads in flight share one call, and how old an answer to a poll may be.
    package enum Coalescing: Sendable, Hashable {
        case off
        /// Polls may be answered with a result of that age; `reads` says whether other reads in flight are shared too.
        case on(polls: Duration, reads: Bool)
    }
}
