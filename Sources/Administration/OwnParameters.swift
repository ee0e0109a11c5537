import Inquiry

/// The parameters of a query with few of its own. An unknown parameter, a repeated one and an invalid number are faults: otherwise the
/// client would take the answer for one to its query.
struct OwnParameters {
    private var values: [String: String] = [:]

    /// - Parameter names: all parameters of the call.
    init(_ request: Request, takes names: [String]) throws(RecordQuery.Fault) {
        try Self.checkThatEachStandsOnce(in: request)
        for (name, value) in request.parameters {
            guard names.contains(name) else {
                let known = names.isEmpty ? "it takes no parameter" : "there are \(names.joined(separator: ", "))"
                throw RecordQuery.Fault(filter: String(name.prefix(64)), problem: "is nothing that this call takes; \(known)")
            }
            values[name] = value
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    /// A whole number from 0; nil if it is absent.
    func number(_ name: String) throws(RecordQuery.Fault) -> UInt64? {
        guard let text = values[name] else { return nil }
        guard let number = Self.number(text) else { throw RecordQuery.Fault(filter: name, problem: "is no whole number") }
        return number
    }

    /// Only digits: neither `+1` nor `-0` is accepted.
    static func number(_ text: String) -> UInt64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
    }

    /// If a parameter is repeated, one of them would be ignored, and the client couldn't see which.
    static func checkThatEachStandsOnce(in request: Request) throws(RecordQuery.Fault) {
        var seen: Set<String> = []
        for (name, _) in request.parameters where !seen.insert(name).inserted {
            throw RecordQuery.Fault(filter: String(name.prefix(64)), problem: "stands there more than once")
        }
    }
}
