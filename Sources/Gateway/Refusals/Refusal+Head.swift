import Audit
import Transport

extension Refusal {
    /// The head of the answer that carries this refusal.
    func head(record: ExchangeRecord, length: Int, isHead: Bool) -> DownstreamHead {
        var fields = [
            HeaderField("Content-Type", "application/json"),
            HeaderField("X-Request-Id", record.requestID),
            HeaderField("Audit-Id", record.auditID),
            HeaderField("X-HSSGW-Source", "gateway"),
            HeaderField("Cache-Control", "no-store"),
        ]
        if let seconds = retryAfterSeconds { fields.append(HeaderField("Retry-After", String(seconds))) }
        if let notice = record.keyNotice { fields.append(notice) }
        // RFC 9110 section 15.5.2 asks for a challenge with every 401; the scheme says that none of HTTP's own will help.
        if status == 405 { fields.append(HeaderField("Allow", OwnPage.methods)) }
        if status == 401 { fields.append(HeaderField("WWW-Authenticate", "HSSGW")) }
        return DownstreamHead(status: status, fields: fields, framing: isHead ? .none(declared: length) : .length(length))
    }
}

extension ExchangeRecord {
    /// Tells the holder of a key that ends soon when that is.
    var keyNotice: HeaderField? {
        // Ends were read as dates up to the year 9999, some 2.5e11 seconds.
        keyEnd.map { HeaderField("X-HSSGW-Key-Expires", "\(Timestamp(microseconds: $0 &* 1_000_000))") }
    }

    /// HSS's own head, with the gateway's marks. `mutating`, so that the record is looked at in its place.
    mutating func head(relaying head: ResponseHead) -> DownstreamHead {
        DownstreamHead(
            status: head.status,
            relayed: RelayedFields(upstream: head.fields, requestID: upstreamRequestID ?? requestID, auditID: auditID),
            fields: keyNotice.map { [$0] } ?? [], framing: ResponseFraming(head)
        )
    }
}

extension ResponseFraming {
    init(_ head: ResponseHead) {
        switch head.framing {
        // RFC 9110 section 8.6: a 204 has no Content-Length; answers to HEAD and 304 may say what a GET would bring.
        case .none: self = .none(declared: head.status == 204 ? nil : head.contentLength)
        case .contentLength(let length): self = .length(length)
        case .chunked, .stream, .closeDelimited: self = head.contentLength.map(ResponseFraming.length) ?? .unknown
        }
    }
}
