import NIOCore
import NIOHTTP1
import Policy

/// A complete request to the admin port: incomplete or malformed ones never get here.
struct Request: Sendable {
    let method: HTTPMethod
    /// As in the target, with its escapes.
    let path: String
    /// The part after the question mark; empty without one.
    let query: String
    let headers: HTTPHeaders
    /// The host in the request; HTTP/1.0 may have none.
    let authority: String?
    let body: ByteBuffer
    /// The sender, according to its connection.
    let client: AdminClient
    /// The route that was found; nil if there is none.
    var match: Router.Match?
    /// Whether the answer may still be put off until there is something to tell: not when its client sends nothing more, since it may have left, and
    /// not when its place is wanted by others.
    var mayWait: @Sendable () -> Bool = { true }

    /// - Parameter target: in origin-form (RFC 9112 section 3.2.1).
    init(_ method: HTTPMethod, target: String, headers: HTTPHeaders, authority: String?, body: ByteBuffer, client: AdminClient) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        (self.method, self.path, self.query) = (method, String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        (self.headers, self.authority, self.body, self.client) = (headers, authority, body, client)
    }

    /// A field's value; several fields of one name are one list (RFC 9110 section 5.3). Nil if there is none.
    func field(_ name: String) -> String? {
        let values = headers[name]
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// A parameter of the route as in the path, with its escapes; nil if the route has none of this name.
    func pathParameter(_ name: String) -> String? {
        match?.parameters.first { $0.name == name }.map { String($0.value) }
    }

    /// A parameter of the route, decoded. A malformed escape stays as it is.
    func pathText(_ name: String) -> String { String(decoding: PercentCoding.plain(Array((pathParameter(name) ?? "").utf8)), as: UTF8.self) }
}
