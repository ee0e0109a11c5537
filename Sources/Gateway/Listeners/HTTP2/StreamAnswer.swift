import NIOHPACK
import Transport

extension HPACKHeaders {
    /// The head of an answer on a stream. Names are in lower case (RFC 9113 section 8.2), and where the body ends, the frames say.
    init(_ head: DownstreamHead) {
        self.init()
        reserveCapacity((head.relayed?.upstream.count ?? 0) + head.fields.count + 5)
        add(name: ":status", value: String(head.status))
        if let relayed = head.relayed {
            let upstream = relayed.upstream
            let fields = ResponseFields(upstream)
            for position in upstream.indices {
                upstream.withBytes(at: position) { name, value in
                    guard fields.passes(name) else { return }
                    append(String(decoding: name, as: UTF8.self).lowercased(), String(decoding: value, as: UTF8.self))
                }
            }
            append("x-request-id", relayed.requestID)
            append("audit-id", relayed.auditID)
            append("x-hssgw-source", RelayedFields.source.description)
        }
        for field in head.fields { append(field.name.lowercased(), field.value) }
        switch head.framing {
        case .length(let length), .none(let length?): append("content-length", String(length))
        case .none(nil), .unknown: break
        }
    }
    /// Adds a field, and lets the encoder remember it only where answers repeat its value. What is different in every answer would push out
    /// what is not, and be looked through for every field to come.
    private mutating func append(_ name: String, _ value: String) {
        add(name: name, value: value, indexing: Self.repeated.contains(name) ? .indexable : .nonIndexable)
    }

    private static let repeated: Set<String> = [
        "cache-control", "content-type", "ratelimit-policy", "server", "strict-transport-security", "vary", "www-authenticate",
        "x-content-type-options",
        "x-frame-options", "x-hssgw-source", "x-xss-protection",
    ]
}
