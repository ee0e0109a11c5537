/// Why the policy refused a request. The gateway chooses the text and the status.
package enum Denial: Error, Sendable, Equatable {
    /// No caller in the configuration matches the connection.
    case unknownCaller(address: String)
    /// A trusted proxy, which is no caller itself, didn't name the client whose request it forwards.
    case silentProxy(address: String)
    /// The request has a valid key or token, but its caller needs a further proof, or no caller is recognised by it.
    case insufficientProof(address: String)
    /// The project isn't granted to the caller, or doesn't exist.
    case project(named: String, caller: String, granted: [String])
    /// The path names no project, and the caller has several so the gateway can't tell which one it means.
    case severalProjects(caller: String, granted: [String])
    /// A rule denied the operation, or no rule allowed it.
    case policy(operation: String, caller: String, rule: String)
    /// The rule allows the operation for export tasks of the caller's own, and this one isn't; `isOthers`: whether it is known to belong to another
    /// caller.
    case task(operation: String, caller: String, rule: String, isOthers: Bool)
    /// The enterprise project isn't among the caller's.
    case enterpriseProject(String, caller: String)
}
