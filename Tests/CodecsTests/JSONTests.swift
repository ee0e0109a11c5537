import Foundation
import Testing

@testable import Codecs

@Suite struct JSONTests {
    private static func value(_ text: String, _ form: JSONCursor.Form = .any) -> String? {
        Array(text.utf8).withUnsafeBytes { buffer in
            var cursor = JSONCursor(buffer, form: form)
            guard let value = cursor.value(), cursor.isAtEnd else { return nil }
            return (value.isText ? "text " : "") + String(decoding: buffer[value.range], as: UTF8.self)
        }
    }

    @Test(arguments: ["0", "-12", "1.5", "1e3", "-0.1E-7", "true", "false", "null", "[]", "{}", #"{"a":[1,{"b":"c"}]}"#])
    func `finds whole values`(text: String) {
        #expect(Self.value(text) == text && Self.value(" \n\(text)\t") == text)
        #expect(Self.value(text, .compact) == text && Self.value(" \(text)", .compact) == nil)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "abc", "-", "1.", ".5", "1e", "+1", "0x10", "[1,]", "[1 2]", "{\"a\"}", "{a:1}", "{\"a\":}", "[", "{\"a\":1",
        "\"a", "\"a\\\"", "\"a\nb\"", "1 1", "Infinity", "<html>",
    ])
    func `finds nothing in what is no JSON`(text: String) {
        #expect(Self.value(text) == nil)
    }

    @Test func `follows no nesting that could exhaust the stack`() {
        let deep = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
        #expect(Self.value(deep) == deep)
        #expect(Self.value("[[\(deep)]]") == nil)
        #expect(Self.value(String(repeating: "{\"a\":", count: 1_000_000)) == nil)
    }

    @Test func `a string ends at its quotation mark and at no other byte, wherever that stands in a word of eight`() {
        for length in 0...40 {
            for byte in UInt8.min...UInt8.max {
                for place in [0, 7, 8, length - 1] where (0..<length).contains(place) {
                    var content = [UInt8](repeating: 0x61, count: length)
                    content[place] = byte
                    let end: Int? = byte < 0x20 ? nil : byte == 0x22 ? place : byte == 0x5C && place == length - 1 ? nil : length
                    let text = [0x22] + content + [0x22]
                    let found = text.withUnsafeBytes { buffer in
                        var cursor = JSONCursor(buffer)
                        return cursor.string()
                    }
                    #expect(found == end.map { 1..<$0 + 1 }, "\(length) bytes, \(byte) at \(place)")
                }
            }
        }
    }

    @Test(arguments: [
        (#"q\"q"#, "q\"q"), (#"b\\"#, #"b\"#), (#"s\/s"#, "s/s"), (#"é\u4e2d"#, "é中"), (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"), (#"\ud83d\ude00"#, "😀"),
    ])
    func `reads escapes as what they stand for`(content: String, text: String) {
        #expect(JSONString.decode(content.utf8) == text)
        #expect(Array(content.utf8).withUnsafeBytes { JSONString.unescaped($0) } == Array(text.utf8))
    }

    @Test(arguments: [
        (#"\x41"#, "x41"), (#"\u12"#, "u12"), (#"\u00g0"#, "u00g0"), (#"\ud83d"#, "\u{FFFD}"), (#"\ude00a"#, "\u{FFFD}a"),
        (#"\ud83d\u0041"#, "\u{FFFD}A"), (#"a\"#, #"a\"#),
        (#"\u+123"#, "u+123"),
    ])
    func `a broken escape is a fault to the strict reader and stands as it is for the other`(content: String, text: String) {
        #expect(JSONString.decode(content.utf8) == text)
        #expect(Array(content.utf8).withUnsafeBytes { JSONString.unescaped($0) } == nil)
    }

    @Test func `what is written is read as it was, by the platform too`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let scalars = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in
                Unicode.Scalar([0x7F, 0x2FF, 0xFFFF, 0x10FFFF].randomElement(using: &random).map { UInt32.random(in: 0...$0, using: &random) } ?? 0)
            }
            let text = String(String.UnicodeScalarView(scalars))
            var json = JSONWriter()
            json.object { $0.member("a", text) }
            let parsed = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: String]
            #expect(parsed?["a"].map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
            #expect(JSONDocument(json.bytes)?["a"]?.text.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
        }
    }

    @Test func `nothing that a terminal would obey is written raw`() {
        for hidden in ["\u{1B}[31m", "\u{9B}31m", "\u{202E}", "\u{2028}", "\u{FEFF}", "\u{7F}", "\u{200B}"] {
            #expect(JSONString.quoted("a\(hidden)b").utf8.allSatisfy { $0 < 0x7F && $0 >= 0x20 })
        }
        #expect(JSONString.quoted("中é") == "\"中é\"")
    }

    @Test func `looks values up where they lie`() throws {
        let document = try #require(JSONDocument(Array(#" {"a": "x\n", "l":[1, "two", {"c":null}], "a":"last", "o":{"n":-12}} "#.utf8)))
        #expect(document["a"]?.text == "last" && document["o"]?["n"]?.text == "-12" && document["o"]?.isObject == true)
        #expect(document["l"]?.items?.count == 3 && document["l"]?.items?[1].text == "two" && document["l"]?.items?[2]["c"]?.text == nil)
        #expect(document["b"] == nil && document["a"]?["x"] == nil && document["a"]?.items == nil)
        #expect(JSONDocument.all(in: Array("{} [1]\n,{}".utf8))?.count == 3 && JSONDocument.all(in: Array("{} x".utf8)) == nil)
    }
}
