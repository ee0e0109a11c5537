import Testing

@testable import Gateway

@Suite struct TargetFormTests {
    @Test(arguments: [
        ("/v5/_/x?a=1", "/v5/_/x?a=1"), ("/", "/"), ("//evil/v5", "//evil/v5"),
        ("http://gw:8080/v5/_/x?u=http://b/", "/v5/_/x?u=http://b/"),
        ("HTTP://GW:8080/", "/"), ("http://gw:8080//v5", "//v5"),
    ])
    func `gives path and query as they were written`(target: String, origin: String) throws {
        #expect(try TargetForm.originForm(of: target, host: "gw:8080") == origin)
    }

    @Test(arguments: [
        "", "*", "gw:443", "v5/_/x", "https://gw:8080/v5", "ftp://gw:8080/v5", "http://", "http://gw:8080", "http:///v5", "http:/v5",
        "http://other:8080/v5", "http://gw/v5", "http://gw:80/v5", "http://user@gw:8080/v5", "http://gw:8080?/v5", "http://gw:8080#/v5",
        "\\v5",
    ])
    func `refuses every other form and every other host`(target: String) {
        #expect { try TargetForm.originForm(of: target, host: "gw:8080") } throws: { ($0 as? Refusal)?.code == .badRequest }
    }

    @Test func `refuses an absolute target without a Host to compare with`() {
        #expect(throws: Refusal.self) { try TargetForm.originForm(of: "http://gw/v5", host: nil) }
    }
}
