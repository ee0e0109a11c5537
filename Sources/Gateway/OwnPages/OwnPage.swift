import NIOHTTP1
import Policy

/// The pages of the gateway's own on the data port: what a caller is, may do and has used. They cost nothing of HSS's quota, and nothing of them
/// leaves the gateway.
enum OwnPage: String, CaseIterable, Sendable {
    case whoami
    case usage
    case operations
    case description = "openapi.yaml"
    case docs

    /// What every one of them begins with.
    static let prefix = "/-/"
    /// The methods that a page answers, as `Allow` lists them.
    static let methods = "GET, HEAD"

    /// The page that a target names; nil for one that is no page of ours.
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
    /// Who asks, once that is known.
    var caller: Caller?

    init(_ page: OwnPage, _ target: RequestTarget) {
        self.page = page
        // A form of a browser writes a plus for each blank.
        self.query = (target.text(ofParameter: "q") ?? "").replacing("+", with: " ")
    }
}

/// The answer to such a request, complete.
struct OwnAnswer: Sendable {
    let type: String
    /// For a page that a browser shows: what it may load.
    var contentSecurityPolicy: String?
    let bytes: [UInt8]
}
