/// Decides who is calling. Pure: no clock, no I/O.
package struct Authenticator: Sendable {
    private let entries: [Caller.Entry]
    private let index: CallerIndex
    private let anonymous: Caller.Entry?

    /// - Parameter projects: resolves a project's name to its position in the directory; names were checked when the configuration was read, so an
    ///   unknown one is a fault of the gateway.
    package init(callers definitions: [CallerDefinition], projects: ProjectDirectory) {
        let entries = definitions.enumerated().map { index, definition in
            Caller.Entry(
                definition, index: index,
                projects: definition.projects.map { name in
                    guard let position = projects.position(ofName: name) else {
                        preconditionFailure("caller \(definition.name) names an unknown project")
                    }
                    return position
                }
            )
        }
        var index = CallerIndex()
        for entry in entries where !entry.definition.isAnonymous { index.insert(entry.definition, at: entry.index) }
        self.entries = entries
        self.index = index
        self.anonymous = entries.first { $0.definition.isAnonymous }
    }

    /// The caller that the connection alone proves.
    /// - Parameter isAnonymousAllowed: whether the listener lets unrecognised peers in as the anonymous caller.
    package func authenticate(_ evidence: CallerFacts.ConnectionEvidence, isAnonymousAllowed: Bool) throws(Denial) -> Caller {
        try authenticate(CallerFacts(evidence), isAnonymousAllowed: isAnonymousAllowed)
    }

    /// The first caller that the facts prove. A key or a token in the request must lead to its own caller: the request is never attributed to another
    /// caller that the address would prove, nor to the anonymous caller.
    package func authenticate(_ facts: CallerFacts, isAnonymousAllowed: Bool) throws(Denial) -> Caller {
        if let key = facts.key {
            return try first(of: index.candidate(for: key).map { [$0] } ?? [], facts)
        }
        if let token = facts.token {
            return try first(of: index.candidates(for: token), facts)
        }
        for position in index.candidates(for: facts) {
            if let caller = caller(at: position, facts) { return caller }
        }
        if isAnonymousAllowed, let anonymous {
            return Caller(anonymous, method: .anonymous, address: facts.addressText)
        }
        throw .unknownCaller(address: facts.addressText)
    }

    /// A caller by its name, without any proof: for `explain`, which sends nothing. Nil if there is none with that name.
    package func presumed(_ name: String) -> Caller? {
        entries.first { $0.definition.name == name }.map { Caller($0, method: .anonymous, address: "presumed") }
    }

    private func first(of positions: [Int], _ facts: CallerFacts) throws(Denial) -> Caller {
        for position in positions {
            if let caller = caller(at: position, facts) { return caller }
        }
        throw .insufficientProof(address: facts.addressText)
    }

    private func caller(at position: Int, _ facts: CallerFacts) -> Caller? {
        let entry = entries[position]
        return entry.definition.proof.evaluate(facts, caller: entry.definition.name)
            .map { Caller(entry, method: $0, address: facts.addressText) }
    }
}
