import Assembly
import Codecs

/// The text for an answer that is not a success: the gateway's refusal, or HSS's error.
enum RefusalText {
    static func of(_ answer: GatewayClient.Answer) -> String {
        let document = JSONDocument(answer.body)
        let code = document?["error_code"]?.text ?? "HTTP \(answer.status)"
        let message = document?["error_msg"]?.text ?? "no reason was given"
        let hint = document?["hint"]?.text.map { " \($0)" } ?? ""
        let audit = answer.auditID.map { " Audit-Id \($0)." } ?? ""
        return PrintableText.line("\(code): \(message)\(hint)\(audit)")
    }

    static func code(of answer: GatewayClient.Answer) -> String? { JSONDocument(answer.body)?["error_code"]?.text }
}
