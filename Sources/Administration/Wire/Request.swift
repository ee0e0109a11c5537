import NIOCore
import NIOHTTP1
import Policy

/// A request to the admin port, whole: what is not whole, or not well formed, never gets here.
struct Request: Sendable {
    let method: HTTPMethod
    /// As it stands in the target, with its escapes.
    let path: String
    /// Behind the question mark; empty without one.
    let query: String
    let headers: HTTPHeaders
    /// The host that it is addressed to; HTTP/1.0 may name none.
    let authority: String?
    let body: ByteBuffer
    /// Who asks, as the connection shows it.
    let client: AdminClient
    /// The route that was found; nil where there is none.
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

    /// A field's value; several fields of one name are one list (RFC 9110 section 5.3). Nil where there is none.
    func field(_ name: String) -> String? {
        let values = headers[name]
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// A parameter of the route as it stands in the path, with its escapes; nil where the route has none of this name.
    func pathParameter(_ name: String) -> String? {
        match?.parameters.first { $0.name == name }.map { String($0.value) }
    }

    /// A parameter of the route as whoever asks meant it. An escape that is malformed stays as it is.
    func pathText(_ name: String) -> String { String(decoding: PercentCoding.plain(Array((pathParameter(name) ?? "").utf8)), as: UTF8.self) }
}
