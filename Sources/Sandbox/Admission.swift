/// The result of the checks before a service, and how to execute the request.
struct Admission: Sendable {
    /// The HSS operation; IAM's routes have none.
    var operation: String?
    /// `accepted`, or the refusal's code and text.
    var verdict: String
    var notes: [LedgerNote] = []
    /// Whether the request is entered in the ledger and faults apply; not so for the controls.
    var isObserved = true
    /// Executes the request. The argument says whether an export task that it creates is to fail.
    var perform: @Sendable (_ failsTask: Bool) -> SandboxResponse

    /// The verdict on requests that pass.
    static let accepted = "accepted"
}
