import Audit
import NIOCore
import NIOHTTP1
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
        if status == 405 { fields.append(HeaderField("Allow", OwnPage.methods)) }
        // RFC 9110 section 15.5.2 asks for a challenge with every 401; the scheme shows that none of HTTP's standard schemes is accepted.
        if status == 401 { fields.append(HeaderField("WWW-Authenticate", "HSSGW")) }
        return DownstreamHead(status: status, fields: fields, framing: isHead ? .none(declared: length) : .length(length))
    }
}

extension ExchangeRecord {
    /// Tells a caller whose key expires soon when it expires.
    var keyNotice: HeaderField? {
        // Ends were read as dates up to the year 9999, some 2.5e11 seconds.
        keyEnd.map { HeaderField("X-HSSGW-Key-Expires", "\(Timestamp(microseconds: $0 &* 1_000_000))") }
    }
}

/// How an exchange answers with a refusal.
extension Exchange {
    func write(_ refusal: Refusal) {
        let language = AnswerLanguage(accepting: fields?.acceptLanguage)
        let body = RefusalBody.encode(refusal, requestID: record.requestID, language: language)
        let isHead = head?.method == .HEAD
        guard let downstream else { return }
        let isBare = downstream.wantsBareRefusals
        var answer = refusal.head(record: record, length: isBare ? 0 : body.readableBytes, isHead: isHead)
        if language == .chinese { answer.fields.append(HeaderField("Content-Language", language.rawValue)) }
        addLimitFields(to: &answer)
        downstream.begin(answer)
        if !isHead, !isBare { _ = body.withUnsafeReadableBytes { downstream.write($0) } }
        downstream.end()
    }
}
