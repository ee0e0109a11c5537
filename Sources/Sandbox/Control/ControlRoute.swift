/// The sandbox's own paths, on IAM's listener, so that they can't collide with HSS.
enum ControlRoute: Sendable, CaseIterable {
    case addFault, listFaults, removeFaults
    case showLedger, reset, setClock, setThrottle, supersedeTokens, changeTerms

    /// Method and path.
    var pattern: (method: String, template: String) {
        switch self {
        case .addFault: ("POST", "/sandbox/faults")
        case .listFaults: ("GET", "/sandbox/faults")
        case .removeFaults: ("DELETE", "/sandbox/faults")
        case .showLedger: ("GET", "/sandbox/ledger")
        case .reset: ("POST", "/sandbox/reset")
        case .setClock: ("POST", "/sandbox/clock")
        case .setThrottle: ("POST", "/sandbox/throttle")
        case .supersedeTokens: ("POST", "/sandbox/tokens/supersede")
        case .changeTerms: ("POST", "/sandbox/terms")
        }
    }
}
