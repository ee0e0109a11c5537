import Codecs

extension IAMFault {
    /// Classifies an answer that is not a success. IAM has two shapes of errors (protocol page b.1); texts are checked, never kept.
    init(_ response: IAMResponse, of service: Service, to proof: Proof? = nil) {
        let document = IAMDocument(response.body)
        let code = (document?.text("error_code") ?? document?.text("error", "code") ?? document?.text("code")).flatMap(Self.sane)
        let text = Self.message(of: document).lowercased()
        let now = MonotonicClock.wall().components.seconds
        let wait = RetryAfter.seconds(response.retryAfter, date: response.date, now: now).map { Int(min(max($0, 1), 3_600)) }
        self.init(
            service, Self.kind(status: response.status, code: code, text: text), code: code, retryAfter: wait, host: response.host, proof: proof)
    }

    /// The service's error message, which is never kept as a whole.
    static func message(of response: IAMResponse) -> String { message(of: IAMDocument(response.body)) }

    private static func message(of document: IAMDocument?) -> String {
        document?.text("error_msg") ?? document?.text("error", "message") ?? document?.text("message") ?? ""
    }

    /// Access denied, insufficient permissions, in both spellings of HSS's codes.
    private static let deniedByHSS: Set<String> = ["HSS.0010", "HSS.0013", "00000010", "00000013"]

    private static func kind(status: Int, code: String?, text: String) -> Kind {
        switch status {
        case 401 where code == "IAM.0061" || text.contains("locked") || text.contains("reach the limit"): .locked
        case 401 where text.contains("signature expired") || text.contains("server time"): .clock
        case 401: .refused
        // HSS answers 400 where others answer 403 (protocol page c.3).
        case 400 where code.map(Self.deniedByHSS.contains) == true: .forbidden
        case 403: text.contains("locked") ? .locked : .forbidden
        case 404, 410: .notFound
        case 429: .throttled
        default: .failing(status: status)
        }
    }

    /// Codes have a fixed form; anything else could be text of the request.
    private static func sane(_ code: String) -> String? {
        guard (1...24).contains(code.utf8.count) else { return nil }
        let isSane = code.utf8.allSatisfy { byte in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        }
        return isSane ? code : nil
    }
}
