import Testing

@testable import Credentials

@Suite struct IAMDocumentTests {
    @Test func `finds texts, numbers and lists by their path`() throws {
        let document = try #require(
            IAMDocument(Secret(#" {"a":{"b":"x\n\u00e9\ud83d\ude00\/\"","n":401,"f":1.5e3,"t":true},"l":[{"id":"1"},{"id":"2"}],"a2":null} "#)))
        #expect(document.text("a", "b") == "x\né😀/\"")
        #expect(document.text("a", "n") == "401")
        #expect(document.text("a", "t") == nil && document.text("a", "none") == nil && document.text("l") == nil)
        #expect(document.elements("l")?.map { $0.text("id") } == ["1", "2"])
        #expect(try #require(document.secret("l2", as: .text) ?? document.elements("l")?[1].secret("id", as: .text)).isEqual(to: Secret("2")))
    }

    @Test(arguments: ["", "{", "[1,]", #"{"a" 1}"#, #"{"a":}"#, "tru", "{} {}", #"{"a":"\#u{1}"}"#, String(repeating: "[", count: 100_000)])
    func `is none where the bytes are no document`(text: String) {
        #expect(IAMDocument(Secret(text)) == nil)
    }

    @Test(arguments: [#"{"a":"\ud800"}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#]) func `has no text where an escape is broken`(text: String) {
        #expect(IAMDocument(Secret(text))?.text("a") == nil)
    }

    @Test func `gives no secret that could not be sent`() throws {
        let document = try #require(IAMDocument(Secret(#"{"a":"two\nlines","b":"with blank","c":""}"#)))
        #expect(document.secret("a", as: .text) == nil)
        #expect(document.secret("b", as: .headerText) == nil)
        #expect(document.secret("c", as: .text) == nil)
    }

    @Test(arguments: [
        (401, #"{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}"#, "refused"),
        (401, #"{"error_msg":"The username or password is wrong.","error_code":"IAM.0062"}"#, "refused"),
        (401, #"{"error_msg":"Account locked.","error_code":"IAM.0061"}"#, "locked"),
        (401, #"{"error_code":"APIGW.0301","error_msg":"AK access failed to reach the limit,forbidden"}"#, "locked"),
        (401, #"{"error_code":"APIGW.0301","error_msg":"calc ak sk signature fail:signature expired"}"#, "clock"),
        (403, #"{"error":{"code":403,"message":"no"}}"#, "forbidden"), (404, "{}", "not_found"), (429, "", "throttled"), (503, "<html>", "failing"),
    ])
    func `tells what an answer means`(status: Int, body: String, word: String) {
        let fault = IAMFault(IAMResponse(status: status, body: Secret(body)), of: .iam)
        #expect(fault.word == word)
        #expect(!fault.sentence.contains("username or password is wrong"), "no text of the service's")
    }

    @Test(arguments: ["secret value", "hunter2", String(repeating: "A", count: 25)]) func `keeps no code that isn't one`(code: String) {
        #expect(IAMFault(IAMResponse(status: 401, body: Secret(#"{"error_code":"\#(code)"}"#)), of: .iam).code == nil)
    }
}
