import NIOHPACK
import Transport

extension HPACKHeaders {
    /// The head of an answer on a stream. Names are in lower case (RFC 9113 section 8.2), and the frames delimit the body.
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
                    append(Self.lowercased(name), String(decoding: value, as: UTF8.self))
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
    /// Adds a field, and lets the encoder index it only if answers repeat its value. Values that differ in every answer would displace
    /// those that don't, and be searched for every later field.
    private mutating func append(_ name: String, _ value: String) {
        add(name: name, value: value, indexing: Self.isRepeated(name) ? .indexable : .nonIndexable)
    }

    /// By length first: hashing the name of each field of each answer would cost more than comparing it with one or three.
    private static func isRepeated(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: name == "vary"
        case 6: name == "server"
        case 12: name == "content-type"
        case 13: name == "cache-control"
        case 14: name == "x-hssgw-source"
        case 15: name == "x-frame-options"
        case 16: name == "ratelimit-policy" || name == "www-authenticate" || name == "x-xss-protection"
        case 22: name == "x-content-type-options"
        case 25: name == "strict-transport-security"
        default: false
        }
    }

    /// Names are tokens (`HeaderParser`), so ASCII.
    private static func lowercased(_ name: UnsafeRawBufferPointer) -> String {
        String(unsafeUninitializedCapacity: name.count) { letters in
            for index in name.indices { letters[index] = name[index] &- 0x41 < 26 ? name[index] | 0x20 : name[index] }
            return name.count
        }
    }
}
