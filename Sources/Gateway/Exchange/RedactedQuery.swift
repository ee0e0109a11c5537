import Policy

/// A query as a record keeps it: the values of parameters whose names the catalogue marks secret are replaced.
enum RedactedQuery {
    static func of(_ target: RequestTarget) -> String {
        let query = target.bytes[target.queryRange]
        guard hasSecret(query) else { return target.query }
        let pairs = query.split(separator: UInt8(ascii: "&"))
        return pairs.map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            return isSecret(pair) ? "\(String(decoding: name, as: UTF8.self))=\(SecretNames.mask)" : String(decoding: pair, as: UTF8.self)
        }.joined(separator: "&")
    }

    /// Whether any parameter is secret, found without a list of them: nearly every query has none.
    private static func hasSecret(_ query: ArraySlice<UInt8>) -> Bool {
        var rest = query
        while let end = rest.firstIndex(of: UInt8(ascii: "&")) {
            if isSecret(rest[..<end]) { return true }
            rest = rest[(end + 1)...]
        }
        return isSecret(rest)
    }

    private static func isSecret(_ pair: ArraySlice<UInt8>) -> Bool {
        SecretNames.contains(pair.prefix { $0 != UInt8(ascii: "=") })
    }
}
