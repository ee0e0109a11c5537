import Codecs
import NIOCore
import NIOHTTP1
import Policy

/// The body of an action or a query: one JSON object whose members are strings. Anything else is refused: an action whose conditions
/// weren't understood must not be executed without them.
struct AdminBody {
    /// Longest body of any call, bytes; a longer one is refused before it has arrived.
    static let longest = 64 << 10

    private let document: JSONDocument

    enum Fault: Error {
        case notSaidToBeJSON
        case tooLong(Int)
        case noObject
        case noText(String)

        var response: Response {
            switch self {
            case .notSaidToBeJSON: AdminAnswer.fault(.unsupportedMediaType, "Send JSON: Content-Type: application/json.")
            case .tooLong(let bytes): AdminAnswer.fault(.badRequest, "The body is longer than \(bytes) bytes.")
            case .noObject: AdminAnswer.fault(.badRequest, "The body is no JSON object.")
            case .noText(let name): AdminAnswer.fault(.badRequest, "\(name) is no text.")
            }
        }
    }

    init(_ request: Request, atMost bytes: Int = AdminBody.longest) throws(Fault) {
        guard let type = request.field("Content-Type").flatMap(MediaType.init), type.name == "application/json", type.isReadAsUTF8
        else { throw .notSaidToBeJSON }
        guard request.body.readableBytes <= bytes else { throw .tooLong(bytes) }
        guard let document = JSONDocument(Array(request.body.readableBytesView)), document.isObject else { throw .noObject }
        self.document = document
    }

    /// A member; nil if it is absent.
    func text(_ name: String) throws(Fault) -> String? {
        guard let member = document[name] else { return nil }
        guard member.isText, let text = member.text else { throw .noText(name) }
        return text
    }
}
