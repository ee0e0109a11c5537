/// Why the policy refused. The gateway chooses wording and status.
package enum Denial: Error, Sendable, Equatable {
    /// Nobody in the configuration matches the connection.
    case unknownCaller(address: String)
    /// A trusted proxy, which is nobody itself, didn't say whose request it passes on.
    case silentProxy(address: String)
    /// A good key or token was shown, and its caller needs more than that, or nobody is recognised by it.
    case insufficientProof(address: String)
    /// The project isn't granted to the caller, or doesn't exist.
    case project(named: String, caller: String, granted: [String])
    /// The path names no project, and the caller has several of which it may have meant any.
    case severalProjects(caller: String, granted: [String])
    /// A rule denied the operation, or no rule allowed it.
    case policy(operation: String, caller: String, rule: String)
    /// The rule allows the operation for export tasks of the caller's own, and this one isn't; whether it is known to be somebody else's.
    case task(operation: String, caller: String, rule: String, isOthers: Bool)
    /// The enterprise project isn't among the caller's.
    case enterpriseProject(String, caller: String)
}
