import Codecs
import NIOCore

/// The JSON of a refusal: the members that the official SDKs parse (`error_code`, `error_msg`, `request_id`), then those of RFC 9457. The order
/// matters to human readers: what went wrong comes first.
enum RefusalBody {
    /// A name, not an address (RFC 9457 section 3.1.1 allows it): the gateway has no site of its own to point to.
    static let typePrefix = "urn:hss-gateway:error:"

    static func encode(_ refusal: Refusal, requestID: String, language: AnswerLanguage = .english) -> ByteBuffer {
        let words = refusal.words(in: language)
        var json = JSONWriter(capacity: 512)
        json.open()
        json.member("error_code", refusal.code.text)
        json.member("error_msg", refusal.withWait(words.message, in: language))
        json.member("request_id", requestID)
        json.member("type", typePrefix + String(refusal.code.rawValue))
        json.member("title", refusal.code.title)
        json.member("status", Int64(refusal.status))
        json.member("rule", refusal.rule)
        json.key("retryable")
        json.value(refusal.code.isRetryable)
        json.member("hint", words.hint)
        json.close()
        json.newline()
        return ByteBuffer(bytes: json.bytes)
    }
}

extension Refusal {
    /// The SDKs show their users only `error_msg` of an answer, so the time to wait is part of it as well.
    fileprivate func withWait(_ message: String, in language: AnswerLanguage) -> String {
        guard let seconds = retryAfterSeconds else { return message }
        switch language {
        case .english: return "\(message) Try again in \(seconds) s."
        case .chinese: return "\(message)请在 \(seconds) 秒后重试。"
        }
    }
}
