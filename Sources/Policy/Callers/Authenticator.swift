/// What a connection says about who is on its other end. It is constant for the life of the connection, so the
/// answer of `Authenticator` may be kept beside it.
package struct ConnectionEvidence: Sendable {
    /// The peer's IP address; nil on a Unix socket.
    package let address: NetworkAddress?
    /// The same for a record: an IP address without port, or `unix`.
    package let text: String

    package init(address: NetworkAddress?, text: String) {
        self.address = address
        self.text = text
    }
}

/// Decides who is calling. Pure: no clock, no I/O.
package struct Authenticator: Sendable {
    private let callers: [Entry]
    private let anonymous: Entry?

    fileprivate struct Entry: Sendable {
        let definition: CallerDefinition
        let index: Int
        let projects: [Int]
    }

    /// - Parameter projects: resolves a project's name to its position in the directory; names were checked when the
    ///   configuration was read, so an unknown one is a mistake of ours.
    package init(callers definitions: [CallerDefinition], projects: ProjectDirectory) {
        let entries = definitions.enumerated().map { index, definition in
            Entry(
                definition: definition, index: index,
                projects: definition.projects.map { name in
                    guard let position = projects.position(ofName: name) else {
                        preconditionFailure("caller \(definition.name) names an unknown project")
                    }
                    return position
                }
            )
        }
        self.callers = entries.filter { !$0.definition.isAnonymous }
        self.anonymous = entries.first { $0.definition.isAnonymous }
    }

    /// The first caller, in the configuration's order, whose networks hold the peer's address.
    /// - Parameter isAnonymousAllowed: whether the listener lets unrecognised peers in as the anonymous caller.
    package func authenticate(_ evidence: ConnectionEvidence, isAnonymousAllowed: Bool) throws(Denial) -> Caller {
        if let address = evidence.address {
            for entry in callers where entry.definition.networks.contains(where: { $0.contains(address) }) {
                return entry.caller(method: .cidr, evidence: evidence)
            }
        }
        if isAnonymousAllowed, let anonymous {
            return anonymous.caller(method: .anonymous, evidence: evidence)
        }
        throw .unknownCaller(address: evidence.text)
    }
}

extension Authenticator.Entry {
    fileprivate func caller(method: AuthenticationMethod, evidence: ConnectionEvidence) -> Caller {
        Caller(definition: definition, index: index, method: method, address: evidence.text, projects: projects)
    }
}
