/// A complete request as received.
struct SandboxRequest: Sendable {
    /// Its origin.
    struct Origin: Sendable {
        /// The listener that received it.
        var side: SandboxSide
        /// Counts connections from 1, so that a test can see reuse.
        var connection: Int
        /// The peer's address without its port.
        var remoteHost: String
    }

    /// Larger bodies are not kept: 12 MB is HSS's own limit (emulator notes, section 1).
    static let largestBody = 12 * 1_024 * 1_024

    var origin: Origin
    var method: String
    /// The request target, byte for byte.
    var target: String
    var headers: [HeaderField]
    var body: [UInt8]
    /// The bytes that arrived; more than `body.count` when the body was too large.
    var bodyLength: Int

    /// The target up to the question mark, still encoded.
    var path: Substring { target.prefix { $0 != "?" } }

    /// The part after the question mark, still encoded.
    var rawQuery: Substring? {
        target.firstIndex(of: "?").map { target[target.index(after: $0)...] }
    }

    /// The decoded query.
    var query: QueryParameters { QueryParameters(raw: rawQuery) }

    /// The first value of a header.
    func header(_ name: String) -> String? { headers.first(name) }
}
