import Crypto

/// The canonical request as the receiving side rebuilds it from the bytes that arrived.
///
/// 1. Path: decoded whole, split at `/`, every segment encoded again, a `/` appended (signing page, a.2).
/// 2. Query: decoded pairs encoded again and sorted by key. Within a key both orders occur among the official clients,
///    sorted (Python, Go) and as received (Java); strict mode accepts only the sorted one and no key without `=`.
/// 3. Headers: exactly those in `SignedHeaders`, in lower case.
/// 4. Payload: the signed `X-Sdk-Content-Sha256` as it stands, else the body's SHA-256; for an empty body the empty hash
///    counts as well, since the Python client signs that.
struct ServerCanonicalForm: Sendable {
    /// All forms of the request that the service would accept, the usual one first.
    let candidates: [String]

    /// A form, or nil when a header in `SignedHeaders` isn't in the request.
    init?(_ request: SandboxRequest, signedHeaders: [String], strictQuery: Bool) {
        var lines = ""
        for name in signedHeaders {
            let values = request.headers.values(name)
            guard !values.isEmpty else { return nil }
            lines += "\(name):\(values.map(Self.trimmed).joined(separator: ","))\n"
        }
        let path = Self.path(request.path)
        let names = signedHeaders.joined(separator: ";")
        var candidates: [String] = []
        for query in Self.queries(request.query, strict: strictQuery) {
            for payload in Self.payloads(request, signedHeaders: signedHeaders) {
                candidates.append("\(request.method.uppercased())\n\(path)\n\(query)\n\(lines)\n\(names)\n\(payload)")
            }
        }
        self.candidates = candidates
    }

    private static func trimmed(_ value: String) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var slice = value[...].drop(while: isBlank)
        while let last = slice.last, isBlank(last) { slice = slice.dropLast() }
        return String(slice)
    }

    private static func path(_ path: Substring) -> String {
        let segments = PercentCoding.decode(path).split(separator: "/", omittingEmptySubsequences: false)
        let joined = segments.map { PercentCoding.encode($0) }.joined(separator: "/")
        return joined.hasSuffix("/") ? joined : joined + "/"
    }

    private static func queries(_ query: QueryParameters, strict: Bool) -> [String] {
        if strict, query.pairs.contains(where: { !$0.hasEqualsSign }) { return [] }
        // Comparing UTF-8 bytes equals comparing code points; `String <` would compare canonical equivalents.
        let byKeyAndValue = query.pairs.sorted { left, right in
            precedes(left.name, right.name) || (Array(left.name.utf8) == Array(right.name.utf8) && precedes(left.value, right.value))
        }
        // Swift's sort is stable, so pairs of one key keep the order received.
        let byKey = query.pairs.sorted { precedes($0.name, $1.name) }
        let sorted = text(byKeyAndValue)
        let received = text(byKey)
        return strict || sorted == received ? [sorted] : [sorted, received]
    }

    private static func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

    private static func text(_ pairs: [QueryParameters.Pair]) -> String {
        pairs.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }.joined(separator: "&")
    }

    private static func payloads(_ request: SandboxRequest, signedHeaders: [String]) -> [String] {
        let digest = Hexadecimal.text(SHA256.hash(data: request.body))
        guard signedHeaders.contains("x-sdk-content-sha256"), let declared = request.header("X-Sdk-Content-Sha256") else { return [digest] }
        return request.body.isEmpty && declared != digest ? [declared, digest] : [declared]
    }
}
