import Foundation
import NIOCore
import Testing

@testable import Gateway

@Suite struct RefusalBodyTests {
    @Test func `has the SDKs' members first, then those of RFC 9457`() {
        let refusal = Refusal(.policyDenied, "The operation X is not allowed.", hint: "Ask.", rule: "reads")
        #expect(
            String(buffer: RefusalBody.encode(refusal, requestID: "r-1"))
                == #"{"error_code":"HSSGW.4031","error_msg":"The operation X is not allowed.","request_id":"r-1","#
                + #""type":"urn:hss-gateway:error:4031","title":"policy_denied","status":403,"rule":"reads","retryable":false,"hint":"Ask."}"#
                + "\n"
        )
    }

    @Test func `leaves the rule out where none decided`() {
        let text = String(buffer: RefusalBody.encode(Refusal(.draining, "Stopping.", hint: "Again."), requestID: "r"))
        #expect(!text.contains("\"rule\""))
        #expect(text.contains(#""status":503,"retryable":true,"hint":"Again.""#))
    }

    @Test func `parses for every code`() throws {
        for code in RefusalCode.allCases {
            let body = RefusalBody.encode(Refusal(code, "What.", hint: "Do."), requestID: "r")
            let object = try #require(try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any])
            #expect(object["error_code"] as? String == "HSSGW.\(code.rawValue)")
            #expect(object["status"] as? Int == code.status)
            #expect(Set(object.keys) == ["error_code", "error_msg", "request_id", "type", "title", "status", "retryable", "hint"])
        }
    }

    @Test(arguments: [
        "", "plain", "\"", "\\", "\\\"", "a\nb\rc\td", "\u{0}\u{1}\u{1F}\u{7F}", "</script>", "é中😀", "\u{2028}\u{FEFF}", "{\"a\":1}",
    ])
    func `carries any text unchanged`(text: String) throws {
        let refusal = Refusal(.projectDenied, text, hint: text, rule: text)
        let body = RefusalBody.encode(refusal, requestID: text)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any])
        for name in ["error_msg", "hint", "rule", "request_id"] { #expect(object[name] as? String == text) }
        #expect(body.readableBytesView.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "no control character stands as it is")
    }
}
