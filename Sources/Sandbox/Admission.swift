/// What the checks in front of a service say of a request, and how to carry it out.
struct Admission: Sendable {
    /// The HSS operation; IAM's routes have none.
    var operation: String?
    /// `accepted`, or the refusal's code and text.
    var verdict: String
    var notes: [LedgerNote] = []
    /// Whether the ledger takes the request down and faults apply; the controls are neither.
    var isObserved = true
    /// Carries the request out. The argument says whether an export task that it makes is to fail.
    var perform: @Sendable (_ failsTask: Bool) -> SandboxResponse

    /// The verdict on requests that pass.
    static let accepted = "accepted"
}

/// A request with what its answer needs to be made.
struct RequestContext: Sendable {
    var request: SandboxRequest
    /// The sandbox's clock when the request was whole.
    var now: Duration
    /// 32 hexadecimal digits; they go into `X-Request-Id` and into error bodies.
    var requestID: String

    /// The cloud's error bodies come with their keys in either order; a random bit of the request id decides.
    var reversesErrorKeys: Bool { requestID.utf8.last.map { $0 & 1 == 1 } ?? false }

    /// The response to an error of the API gateway or HSS.
    func response(_ error: CloudError) -> SandboxResponse {
        .json(error.status, error.body(requestID: requestID, reversed: reversesErrorKeys))
    }
}
