import Policy

/// A query as a record keeps it: the values of parameters whose names the catalogue marks secret are replaced.
enum RedactedQuery {
    static func of(_ target: RequestTarget) -> String {
        let query = target.bytes[target.queryRange]
        let pairs = query.split(separator: UInt8(ascii: "&"))
        guard pairs.contains(where: isSecret) else { return target.query }
        return pairs.map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            return isSecret(pair) ? "\(String(decoding: name, as: UTF8.self))=\(SecretNames.mask)" : String(decoding: pair, as: UTF8.self)
        }.joined(separator: "&")
    }

    private static func isSecret(_ pair: ArraySlice<UInt8>) -> Bool {
        SecretNames.contains(pair.prefix { $0 != UInt8(ascii: "=") })
    }
}
