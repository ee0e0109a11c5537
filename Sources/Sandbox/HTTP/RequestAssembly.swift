import NIOCore
import NIOHTTP1

/// Collects the parts of one request.
struct RequestAssembly {
    private let head: HTTPRequestHead
    private var body: [UInt8] = []
    private var bodyLength = 0

    /// Begins with a head.
    init(head: HTTPRequestHead) { self.head = head }

    /// Whether the client waits for `100 Continue`.
    var expectsContinue: Bool { head.headers["Expect"].contains { $0.lowercased() == "100-continue" } }

    /// Adds a piece of the body. Bytes beyond the limit are counted and dropped, so that memory stays
    /// bounded.
    mutating func append(_ piece: ByteBuffer) {
        bodyLength += piece.readableBytes
        guard bodyLength <= SandboxRequest.largestBody else { return body.removeAll() }
        body.append(contentsOf: piece.readableBytesView)
    }

    /// The whole request.
    func request(from origin: SandboxRequest.Origin) -> SandboxRequest {
        SandboxRequest(
            origin: origin, method: head.method.rawValue, target: head.uri,
            headers: head.headers.map { HeaderField($0.name, $0.value) }, body: body, bodyLength: bodyLength)
    }

    /// The properties that determine the framing of the answer.
    var terms: Delivery.Terms { Delivery.Terms(isHead: head.method == .HEAD, keepsAlive: head.isKeepAlive) }
}
