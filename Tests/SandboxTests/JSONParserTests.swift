import Testing

@testable import Sandbox

@Suite struct JSONParserTests {
    @Test(arguments: [
        (#"{"a":[1,-2,0.5,1e3,true,false,null,"x"]}"#, #"{"a":[1,-2,0.5,1e3,true,false,null,"x"]}"#),
        (#" "\ud83d\ude00\u00e9\n" "#, "\"😀é\\u000a\""), ("[]", "[]"), ("{ }", "{}"),
    ])
    func `reads and writes the same document`(text: String, written: String) throws {
        #expect(String(decoding: try JSONParser.parse(Array(text.utf8)).serialized, as: UTF8.self) == written)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "01", "+1", "1.", "nul", "\"\u{1}\"", #""\x""#, #""\ud83d""#, #""\ud83dA""#, "[1] 2", "{a:1}", "'a'",
        String(repeating: "[", count: 65),
    ])
    func `refuses what is no JSON`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func `refuses bytes that are not UTF-8`() {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    }
}
