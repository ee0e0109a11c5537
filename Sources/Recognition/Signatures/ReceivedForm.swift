import Credentials
import Crypto

/// The canonical request as the receiving side rebuilds it, only from what was received (protocol page a.1 to a.5, and table a.9 for where the SDKs
/// for Python, Go and Java differ).
///
/// 1. Path: decoded once, cut at `/`, every segment encoded anew, a `/` at the end. All three sign this for what they send. The SDK for Node encodes
///    the segments as they stand instead, so that `%7B` is signed as `%257B`. No accepted path contains an escaped escape, so two different requests
///    never have the same form.
/// 2. Query: decoded pairs encoded anew, `k` as `k=` (Go sends it so). Sorted by name, then by value (Python, Go) or within a name as received
///    (Java).
/// 3. Fields: exactly those named as signed, in that order, without blanks around the value.
/// 4. Payload: the body's SHA-256. An operation whose body is a form is signed without it, as the SDKs do.
struct ReceivedForm {
    /// The beginnings up to and including the query, one for each order of the query that an SDK signs.
    private let beginnings: [[UInt8]]
    /// The lines of the fields, an empty line, and their names.
    private let middle: [UInt8]

    static let unsignedPayload = "UNSIGNED-PAYLOAD"

    init(method: String, target: String, fields: [(name: String, value: String)]) {
        let target = Array(target.utf8)
        let end = target.firstIndex(of: UInt8(ascii: "?")) ?? target.count
        let queries = ReceivedForm.queries(end < target.count ? target[(end + 1)...] : [])
        let starts: [[UInt8]] = ReceivedForm.paths(target[..<end]).map { Array(method.utf8) + [0x0A] + $0 + [0x0A] }
        beginnings = starts.flatMap { start in queries.map { query in start + query + [0x0A] } }
        var middle: [UInt8] = []
        for field in fields {
            middle += field.name.utf8
            middle.append(UInt8(ascii: ":"))
            middle += ReceivedForm.trimmed(field.value).utf8
            middle.append(0x0A)
        }
        middle.append(0x0A)
        middle += fields.map(\.name).joined(separator: ";").utf8
        middle.append(0x0A)
        self.middle = middle
    }

    /// The digests of every canonical request that an official SDK may have signed for the request received.
    func digests(payloads: [String]) -> [SHA256.Digest] {
        beginnings.flatMap { beginning in
            payloads.map { payload in
                var hasher = SHA256()
                hasher.update(data: beginning)
                hasher.update(data: middle)
                hasher.update(data: Array(payload.utf8))
                return hasher.finalize()
            }
        }
    }

    private static func paths(_ raw: ArraySlice<UInt8>) -> [[UInt8]] {
        raw.contains(UInt8(ascii: "%")) ? [path(decoded(raw)), path(Array(raw))] : [path(Array(raw))]
    }

    private static func path(_ text: [UInt8]) -> [UInt8] {
        let segments = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var path = Array(segments.map { encoded($0) }.joined(separator: [UInt8(ascii: "/")]))
        if path.last != UInt8(ascii: "/") { path.append(UInt8(ascii: "/")) }
        return path
    }

    private static func queries(_ raw: ArraySlice<UInt8>) -> [[UInt8]] {
        let pairs = raw.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (name: decoded(parts[0]), value: parts.count > 1 ? decoded(parts[1]) : [])
        }
        // Swift's sort keeps the order of what compares equal, so the values of one name stay in the order received.
        let byName = pairs.sorted { $0.name.lexicographicallyPrecedes($1.name) }
        let byValue = pairs.sorted { left, right in
            left.name == right.name ? left.value.lexicographicallyPrecedes(right.value) : left.name.lexicographicallyPrecedes(right.name)
        }
        let forms = [byValue, byName].map { pairs in
            Array(pairs.map { encoded($0.name) + [UInt8(ascii: "=")] + encoded($0.value) }.joined(separator: [UInt8(ascii: "&")]))
        }
        return forms[0] == forms[1] ? [forms[0]] : forms
    }

    /// Decodes escapes; a `%` that begins none is kept.
    private static func decoded(_ raw: some Collection<UInt8>) -> [UInt8] {
        let raw = Array(raw)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            if raw[index] == UInt8(ascii: "%"), index + 2 < raw.count, let high = digit(raw[index + 1]), let low = digit(raw[index + 2]) {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(raw[index])
                index += 1
            }
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func encoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        URLEncoding.append(bytes, to: &text)
        return text
    }

    private static func trimmed(_ value: String) -> Substring {
        var slice = value[...]
        while let first = slice.utf8.first, first == 0x20 || first == 0x09 { slice = slice.dropFirst() }
        while let last = slice.utf8.last, last == 0x20 || last == 0x09 { slice = slice.dropLast() }
        return slice
    }
}
