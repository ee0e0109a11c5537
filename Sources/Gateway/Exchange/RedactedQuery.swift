import Policy

/// A query as a record keeps it: the values of parameters whose names the catalogue marks secret are replaced.
enum RedactedQuery {
    static func of(_ target: RequestTarget) -> String {
        // Nearly every query has no secret.
        guard target.firstParameter(where: { SecretNames.contains($0) }) != nil else { return target.query }
        let pairs = target.bytes[target.queryRange].split(separator: UInt8(ascii: "&"))
        return pairs.map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let text = SecretNames.contains(name) ? name + "=\(SecretNames.mask)".utf8 : pair
            return String(decoding: text, as: UTF8.self)
        }.joined(separator: "&")
    }
}
