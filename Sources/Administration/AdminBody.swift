import Codecs
import HTTPTypes
import Hummingbird
import NIOCore

/// The body of an act or a question: one JSON object whose members are texts. What is something else is refused: an act whose conditions
/// weren't understood must not be done without them.
struct AdminBody {
    private let document: JSONDocument

    enum Fault: Error {
        case notSaidToBeJSON
        case tooLong(Int)
        case noObject
        case noText(String)

        var response: Response {
            switch self {
            case .notSaidToBeJSON: AdminAnswer.fault(.unsupportedMediaType, "Send JSON: Content-Type: application/json.")
            case .tooLong(let bytes): AdminAnswer.fault(.badRequest, "The body is longer than \(bytes) bytes, or ended early.")
            case .noObject: AdminAnswer.fault(.badRequest, "The body is no JSON object.")
            case .noText(let name): AdminAnswer.fault(.badRequest, "\(name) is no text.")
            }
        }
    }

    init(_ request: Request, atMost bytes: Int) async throws(Fault) {
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased()
        guard type?.filter({ $0 != " " && $0 != "\t" }) == "application/json" else { throw .notSaidToBeJSON }
        guard let body = try? await request.body.collect(upTo: bytes) else { throw .tooLong(bytes) }
        guard let document = JSONDocument(Array(body.readableBytesView)), document.isObject else { throw .noObject }
        self.document = document
    }

    /// A member; nil where it is left out.
    func text(_ name: String) throws(Fault) -> String? {
        guard let member = document[name] else { return nil }
        guard member.isText, let text = member.text else { throw .noText(name) }
        return text
    }
}
