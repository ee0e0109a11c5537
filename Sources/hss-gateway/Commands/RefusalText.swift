import Assembly
import Codecs

/// The text for an answer that is not a success: the gateway's refusal, or HSS's error.
enum RefusalText {
    static func of(_ answer: GatewayClient.Answer) -> String {
        let document = JSONDocument(answer.body)
        let code = document?["error_code"]?.text ?? "HTTP \(answer.status)"
        let message = document?["error_msg"]?.text ?? document?["error"]?.text ?? "no reason was given; is this the data port of a gateway?"
        let hint = document?["hint"]?.text.map { " \($0)" } ?? ""
        // HSS's own sentences have no full stop.
        let stop = hint.isEmpty && message.last.map { ".!?。！？".contains($0) } != true ? "." : ""
        let audit = answer.auditID.map { " Audit-Id \($0)." } ?? ""
        return PrintableText.line("\(code): \(message)\(stop)\(hint)\(audit)")
    }

    static func code(of answer: GatewayClient.Answer) -> String? { JSONDocument(answer.body)?["error_code"]?.text }
}
