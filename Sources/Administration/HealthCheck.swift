/// One named condition for readiness, and its present state.
package struct HealthCheck: Sendable {
    package enum State: Sendable, Equatable {
        case passing
        /// It works, with a warning for the operator.
        case warning(String)
        /// For the operator; never contains a secret.
        case failing(String)
    }

    package let name: String
    package let state: State

    package init(name: String, state: State) {
        self.name = name
        self.state = state
    }
}

/// The answer of `/livez`, `/readyz` and `/startupz`, in the format of Kubernetes' own components.
struct HealthReport {
    let checks: [HealthCheck]

    var isPassing: Bool {
        checks.allSatisfy { check in
            if case .failing = check.state { false } else { true }
        }
    }

    /// - Parameter verbose: names each check; otherwise one word when all is well.
    func text(probe: String, verbose: Bool) -> String {
        if isPassing && !verbose { return "ok\n" }
        var text = ""
        for check in checks {
            switch check.state {
            case .passing: text += "[+]\(check.name) ok\n"
            case .warning(let reason): text += "[+]\(check.name) ok, but: \(reason)\n"
            case .failing(let reason): text += "[-]\(check.name) failed: \(reason)\n"
            }
        }
        return text + "\(probe) check \(isPassing ? "passed" : "failed")\n"
    }
}
