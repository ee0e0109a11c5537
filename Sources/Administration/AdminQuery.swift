import Policy

extension Request {
    /// The query in its order: names and values as browsers' forms, `URLSearchParams` and `curl --data-urlencode` encode them, so that `+` is a space
    /// and `%2B` a plus. A malformed escape stays as it is.
    var parameters: [(name: String, value: String)] {
        query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.plain(parts[0]), parts.count > 1 ? Self.plain(parts[1]) : "")
        }
    }

    /// The value of the first parameter of this name; nil if there is none.
    func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    private static func plain(_ text: Substring) -> String {
        let spaced = text.utf8.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return String(decoding: PercentCoding.plain(spaced), as: UTF8.self)
    }
}
