/// The one parsed form of a request's path and query. All code checks, signs and sends this form and no other.
///
/// Invariants:
/// 1. `bytes` is the canonical form: unreserved characters (RFC 3986 section 2.3) stand literally, every other byte of the decoded text is `%XX` in
///    upper case, so there is exactly one spelling of each target.
/// 2. No two parsers can interpret a target differently: the initializer refuses ambiguous input instead of repairing it.
/// 3. Query pairs are sorted by the UTF-8 bytes of their decoded key, then of their decoded value, each with a `=`. All three official SDKs compute
///    the same signature for that order, and only for that order (protocol page a.3 and a.9).
/// 4. `enterprise_project_id` occurs at most once, in its plain spelling.
package struct RequestTarget: Sendable, Hashable {
    /// The canonical path, followed by `?` and the canonical query when there is one: the exact bytes that are sent.
    package let bytes: [UInt8]

    /// Index of the path's end in `bytes`.
    let pathEnd: Int

    /// Where each path segment ends in `bytes`; 16 bits suffice because of `maximumBytes`.
    let segmentEnds: [UInt16]

    /// Range of the value of `enterprise_project_id` in `bytes`.
    let enterpriseProjectRange: Range<Int>?

    /// What is sent, as text.
    package var pathAndQuery: String { String(decoding: bytes, as: UTF8.self) }

    /// Range of the path in `bytes`.
    package var pathRange: Range<Int> { 0..<pathEnd }

    /// Range of the query in `bytes`, without its `?`; empty when there is none.
    package var queryRange: Range<Int> { min(pathEnd + 1, bytes.count)..<bytes.count }

    /// The canonical path, without a trailing `/`.
    package var path: String { String(decoding: bytes[pathRange], as: UTF8.self) }

    /// The canonical query, without its `?`.
    package var query: String { String(decoding: bytes[queryRange], as: UTF8.self) }

    /// The decoded value of the first parameter with this name, which must need no escapes.
    package func text(ofParameter name: String) -> String? {
        for pair in bytes[queryRange].split(separator: UInt8(ascii: "&")) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), pair[..<equals].elementsEqual(name.utf8) else { continue }
            return PercentCoding.decoded(pair[(equals + 1)...])
        }
        return nil
    }

    /// The segments of the path in canonical spelling, without their slashes. `/` has none.
    package var segments: PathSegments { PathSegments(bytes: bytes, ends: segmentEnds) }
}

extension RequestTarget: CustomStringConvertible {
    package var description: String { pathAndQuery }
}

extension RequestTarget {
    /// The longest target, as received and in canonical form, in bytes. The cloud's API gateway answers 414 above 32 KiB
    /// (protocol page c.3, code 0201).
    package static let maximumBytes = 32 * 1024

    /// The most path segments. The longest documented path has 9.
    package static let maximumSegments = 32

    /// The most query pairs. Lists are sent as repeated keys (protocol page a.3), so this is far above the 20 or so names an operation has.
    package static let maximumQueryPairs = 1024

    /// The longest name of a query parameter, in bytes. The longest documented one has 26.
    package static let maximumQueryNameBytes = 64

    /// The longest project id that is put into a path, in bytes. Real ones have 32.
    package static let maximumProjectBytes = 256
}
