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
                    add(name: String(decoding: name, as: UTF8.self).lowercased(), value: String(decoding: value, as: UTF8.self))
                }
            }
            add(name: "x-request-id", value: relayed.requestID)
            add(name: "audit-id", value: relayed.auditID)
            add(name: "x-hssgw-source", value: RelayedFields.source.description)
        }
        for field in head.fields { add(name: field.name.lowercased(), value: field.value) }
        switch head.framing {
        case .length(let length), .none(let length?): add(name: "content-length", value: String(length))
        case .none(nil), .unknown: break
        }
    }
}
