import Inquiry

/// The parameters of a question that has few of its own. One that it doesn't take, one that stands there twice and a number that is none are
/// faults: an answer to another question than the one that was asked would be believed.
struct OwnParameters {
    private var values: [String: String] = [:]

    /// - Parameter names: all that the call takes.
    init(_ request: Request, takes names: [String]) throws(RecordQuery.Fault) {
        try Self.checkThatEachStandsOnce(in: request)
        for (name, value) in request.parameters {
            guard names.contains(name) else {
                throw RecordQuery.Fault(
                    filter: String(name.prefix(64)), problem: "is nothing that this call takes; there are \(names.joined(separator: ", "))")
            }
            values[name] = value
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    /// A whole number from 0; nil where it is left out.
    func number(_ name: String) throws(RecordQuery.Fault) -> UInt64? {
        guard let text = values[name] else { return nil }
        guard let number = Self.number(text) else { throw RecordQuery.Fault(filter: name, problem: "is no whole number") }
        return number
    }

    /// Digits and nothing else: neither `+1` nor `-0` is a number that anybody means.
    static func number(_ text: String) -> UInt64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(text) : nil
    }

    /// Of a parameter that stands there twice one would be passed over, and who asks couldn't see which.
    static func checkThatEachStandsOnce(in request: Request) throws(RecordQuery.Fault) {
        var seen: Set<String> = []
        for (name, _) in request.parameters where !seen.insert(name).inserted {
            throw RecordQuery.Fault(filter: String(name.prefix(64)), problem: "stands there more than once")
        }
    }
}
