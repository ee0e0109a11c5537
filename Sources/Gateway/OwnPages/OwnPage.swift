import NIOHTTP1
import Policy

/// The gateway's own pages on the data port: who the caller is, what it may do, and what it has used. They use none of HSS's quota, and nothing is
/// sent to HSS for them.
enum OwnPage: String, CaseIterable, Sendable {
    case whoami
    case usage
    case operations
    case description = "openapi.yaml"
    case docs

    /// The path prefix of all of them.
    static let prefix = "/-/"
    /// The methods that a page answers, as `Allow` lists them.
    static let methods = "GET, HEAD"

    /// The page that a target names; nil if it is not one of the gateway's own pages.
    static func asked(by method: HTTPMethod, _ target: RequestTarget) throws(Refusal) -> OwnPage? {
        let path = target.path
        guard path.hasPrefix(prefix) || path == "/-" else { return nil }
        guard let page = OwnPage(rawValue: String(path.dropFirst(prefix.count))) else {
            throw Refusal(.notInAPI, "The gateway has no page of its own by this path.", hint: "\(list) are there.")
        }
        guard method == .GET || method == .HEAD else {
            throw Refusal(.badRequest, "The gateway's own pages are only read.", hint: "Use GET or HEAD.", status: 405)
        }
        return page
    }

    private static let list = allCases.map { prefix + $0.rawValue }.joined(separator: ", ")
}

/// A request for a page of the gateway itself. A class, so that the usual exchange holds one pointer for it.
final class OwnPageCall {
    let page: OwnPage
    /// The value of `q`, decoded; empty when there is none.
    let query: String
    /// The caller, once it is recognised.
    var caller: Caller?
    /// The room of its answer in memory.
    var loan: PageLoan?

    init(_ page: OwnPage, _ target: RequestTarget) {
        self.page = page
        // A browser encodes a space in a form as `+`.
        let text = (target.text(ofParameter: "q") ?? "").utf8
        self.query = String(decoding: text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }
}

/// The complete answer to such a request.
struct OwnAnswer: Sendable {
    let type: String
    /// For a page that a browser shows: what it may load.
    var contentSecurityPolicy: String?
    let bytes: [UInt8]
}
