/// One request to the sandbox's controls.
struct ControlCall: Sendable {
    /// The largest shift of the clock, in seconds: ten years.
    private static let largestOffset: Int64 = 10 * 366 * 86_400

    let parts: SandboxParts
    let request: SandboxRequest

    /// Executes the request.
    func answer(_ route: ControlRoute) -> SandboxResponse {
        switch route {
        case .addFault: return addFault()
        case .listFaults: return .json(200, ["faults": .array(parts.faults.waiting.map(\.json))])
        case .removeFaults:
            parts.faults.removeAll()
            return .empty(204)
        case .showLedger: return showLedger()
        case .reset:
            parts.reset()
            return .empty(204)
        case .setClock: return setClock()
        case .setThrottle: return setThrottle()
        case .supersedeTokens:
            parts.tokens.supersedeAll()
            return .empty(204)
        case .changeTerms: return changeTerms()
        }
    }

    private func changeTerms() -> SandboxResponse {
        guard let document = try? JSONParser.parse(request.body) else { return refusal("The body must be a JSON object.") }
        var values = parts.terms.current
        do throws(FaultRequestError) {
            try values.take(document)
        } catch {
            return refusal(error.sentence)
        }
        parts.terms.change { $0 = values }
        // A changed password invalidates every token that was created with the old one.
        if document["password"] != nil { parts.tokens.supersedeAll() }
        return .empty(204)
    }

    private func refusal(_ sentence: String) -> SandboxResponse { .json(400, ["error": .string(sentence)]) }

    private func addFault() -> SandboxResponse {
        guard let document = try? JSONParser.parse(request.body) else { return refusal("The body must be a JSON object.") }
        do throws(FaultRequestError) {
            let fault = try Fault(json: document)
            guard parts.faults.add(fault) else { return refusal("At most \(FaultPlan.mostFaults) faults can wait at a time.") }
            return .json(201, fault.json)
        } catch {
            return refusal(error.sentence)
        }
    }

    private func setClock() -> SandboxResponse {
        guard let offset = (try? JSONParser.parse(request.body))?["offset"]?.integer,
            (-Self.largestOffset...Self.largestOffset).contains(offset)
        else { return refusal("The body must be {\"offset\": seconds}, ten years at most.") }
        parts.clock.setOffset(.seconds(offset))
        return .json(200, ["offset": .integer(offset), "now": .string(parts.clock.now.extendedTime)])
    }

    /// `{"limit": 5, "seconds": 60}`, optionally with `"per_api"`, `"sliding"` and `"counts_rejected"`; `{"limit": 0}` turns it off.
    private func setThrottle() -> SandboxResponse {
        guard let document = try? JSONParser.parse(request.body), let limit = document["limit"]?.integer, (0...100_000).contains(limit) else {
            return refusal("The body must be {\"limit\": calls, \"seconds\": 60}; limit 0 turns the quota off.")
        }
        guard limit > 0 else {
            parts.throttle.set(nil)
            return .json(200, ["limit": .integer(0)])
        }
        let seconds = document["seconds"]?.integer ?? 60
        let perAPI = document["per_api"]?.integer ?? 600
        guard (1...86_400).contains(seconds), (1...1_000_000).contains(perAPI) else { return refusal("seconds and per_api must be above zero.") }
        var rule = ThrottleSetting.Rule(perUser: Int(limit), perAPI: Int(perAPI), seconds: Int(seconds))
        rule.isSliding = document["sliding"]?.boolean ?? false
        rule.countsRejected = document["counts_rejected"]?.boolean ?? false
        parts.throttle.set(rule)
        return .json(200, ["limit": .integer(limit), "seconds": .integer(seconds)])
    }

    /// `GET /sandbox/ledger?after=SEQUENCE&side=hss`.
    private func showLedger() -> SandboxResponse {
        let after = request.query.first("after").flatMap(Int.init) ?? 0
        let side = request.query.first("side").flatMap(SandboxSide.init)
        let entries = parts.ledger.entries.filter { $0.sequence > after && (side == nil || $0.side == side) }
        let changes = parts.ledger.changes.sorted { $0.key < $1.key }
        return .json(
            200,
            [
                "total": .integer(Int64(parts.ledger.total)),
                "changes": .object(changes.map { JSONValue.Member(key: $0.key, value: .integer(Int64($0.value))) }),
                "entries": .array(entries.map(\.json)),
            ])
    }
}
