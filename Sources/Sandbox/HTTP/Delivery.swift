/// How an answer is sent, byte for byte: faults are applied here, before any socket is used.
struct Delivery: Sendable, Equatable {
    /// What happens to the connection after the last byte.
    enum Ending: Sendable, Equatable {
        /// It accepts the next request.
        case keepAlive
        /// FIN.
        case close
        /// RST.
        case reset
    }

    /// A pause within the body.
    struct Pause: Sendable, Equatable {
        var afterBytes: Int
        var duration: Duration
    }

    /// Time before the head is sent.
    var headDelay = Duration.zero
    /// The status line and headers as sent; empty when nothing is to be sent.
    var head: [UInt8] = []
    var body = ResponseBody.bytes([])
    /// Bytes of `body` that are sent.
    var bodyLimit = 0
    /// Whether the body is sent in chunks, and whether the last chunk follows.
    var isChunked = false
    var sendsLastChunk = false
    var pause: Pause?
    var ending = Ending.close
}

extension Delivery {
    /// The properties of a request that determine the framing of its answer.
    struct Terms: Sendable {
        /// HEAD gets a head and nothing else (RFC 9110, section 9.3.2).
        var isHead: Bool
        /// Whether the client can take another answer on the connection.
        var keepsAlive: Bool
    }

    /// An answer after applying a fault.
    init(_ response: SandboxResponse, fault: Fault.Effect?, terms: Terms) {
        var response = response
        switch fault {
        case .status(let status, let headers, let body):
            let kept = response.headers.filter { $0.name != "Content-Type" && $0.name != "Content-Disposition" }
            let mediaType = headers.values("Content-Type").isEmpty ? [HeaderField("Content-Type", "application/json")] : []
            response = SandboxResponse(status: status, headers: kept + mediaType + headers, body: .bytes(body))
        case .redirect(let location, let status):
            response = SandboxResponse(
                status: status, headers: response.headers + [HeaderField("Location", location)], body: .bytes([]))
        case .headerFlood(let fields, let byteCount):
            response.headers += (0..<fields).map { HeaderField("X-Flood-\($0)", String(repeating: "f", count: byteCount)) }
        case .cutChunked: response.framing = .chunked
        default: break
        }
        self.init(undisturbed: response, terms: terms)
        disturb(fault)
    }

    private init(undisturbed response: SandboxResponse, terms: Terms) {
        head = ResponseHead.bytes(response, keepsAlive: terms.keepsAlive)
        body = response.body
        bodyLimit = terms.isHead ? 0 : response.body.byteCount
        isChunked = response.framing == .chunked && !terms.isHead
        sendsLastChunk = isChunked
        ending = terms.keepsAlive ? .keepAlive : .close
    }

    private mutating func disturb(_ fault: Fault.Effect?) {
        switch fault {
        case .delayHead(let delay): headDelay = delay
        case .delayBody(let afterBytes, let duration): pause = Pause(afterBytes: min(afterBytes, bodyLimit), duration: duration)
        case .reset: self = Delivery(ending: .reset)
        case .close: self = Delivery(ending: .close)
        case .garbage(let bytes): self = Delivery(head: bytes, ending: .close)
        case .resetBody(let afterBytes): cut(afterBytes, ending: .reset)
        case .truncate(let afterBytes), .cutChunked(let afterBytes): cut(afterBytes, ending: .close)
        case .status, .redirect, .headerFlood, .taskFailure, nil: break
        }
    }

    private mutating func cut(_ afterBytes: Int, ending: Ending) {
        bodyLimit = min(afterBytes, bodyLimit)
        sendsLastChunk = false
        self.ending = ending
    }
}
