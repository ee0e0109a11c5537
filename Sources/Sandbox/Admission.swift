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
