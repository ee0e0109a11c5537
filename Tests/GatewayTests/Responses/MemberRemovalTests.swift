import Foundation
import Testing

@testable import Gateway

@Suite struct MemberRemovalTests {
    private static func removing(_ json: String) -> (text: String, removed: Int) {
        var removal = MemberRemoval(of: "t")
        let bytes = removal.apply(to: Array(json.utf8))
        return (String(decoding: bytes, as: UTF8.self), removal.removed)
    }

    @Test(arguments: [
        (#"{"t":"secret"}"#, #"{}"#), (#"{"t":"secret","a":1}"#, #"{"a":1}"#), (#"{"a":1,"t":"secret"}"#, #"{"a":1}"#),
        (#"{"a":1,"t":"secret","b":2}"#, #"{"a":1,"b":2}"#), (#"{"t":1,"t":2}"#, #"{}"#), (#"{"a":0,"t":1,"t":2}"#, #"{"a":0}"#),
        (#"{"d":[{"t":"s","a":{"t":["s",{"b":"}"}]}}]}"#, #"{"d":[{"a":{}}]}"#), (#"{ "a" : 1 , "t" : "s" }"#, #"{ "a" : 1  }"#),
        (#"{"t":"a\"b,}","a":1}"#, #"{"a":1}"#), (#"{"t":null,"a":true}"#, #"{"a":true}"#), (#"{"\u0074":"secret"}"#, #"{}"#),
        (#"{"t":"secret"#, #"{"#), (#"{"t":{"x":["secret"#, #"{"#),
    ])
    func `removes the member at any depth and in any spelling`(json: String, expected: String) {
        #expect(Self.removing(json).text == expected)
        #expect(Self.removing(json).removed > 0)
    }

    @Test(arguments: [
        "", "t", "\"t\"", #"["t","secret"]"#, #"{"a":"t"}"#, #"{"a":"\"t\":1"}"#, #"{"tt":1,"T":2,"a.t":3}"#, #"{"a":["t",{"b":"t"}]}"#,
        "{\"t\"", "\\",
    ])
    func `leaves every other byte as it is`(json: String) {
        #expect(Self.removing(json).text == json)
        #expect(Self.removing(json).removed == 0)
    }

    @Test func `agrees with the platform's parser on whole objects`() throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<2_000 {
            let value = Self.value(depth: 4, &random)
            let json = try JSONSerialization.data(
                withJSONObject: ["root": value], options: Bool.random(using: &random) ? [.prettyPrinted] : [])
            let text = Self.removing(String(decoding: json, as: UTF8.self)).text
            let parsed = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary, "\(text)")
            let expected = try JSONSerialization.jsonObject(with: JSONSerialization.data(withJSONObject: ["root": Self.stripped(value)]))
            #expect(parsed == expected as? NSDictionary)
        }
    }

    @Test func `ends quietly on any garbage`() {
        var random = SplitMix64(seed: 5)
        let spice = Array(#"{}[]",:\t u0074"#.utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in spice.randomElement(using: &random) ?? 0 }
            var removal = MemberRemoval(of: "t")
            #expect(removal.apply(to: bytes).count <= bytes.count)
        }
    }

    private static func value(depth: Int, _ random: inout SplitMix64) -> Any {
        let names = ["t", "a", "b", "tt", "\"", "\\", "t\"", "{", "é"]
        switch Int.random(in: 0..<(depth == 0 ? 2 : 4), using: &random) {
        case 0: return names.randomElement(using: &random) ?? ""
        case 1: return Int.random(in: -5...5, using: &random)
        case 2: return (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth - 1, &random) }
        default:
            var object: [String: Any] = [:]
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                object[names.randomElement(using: &random) ?? ""] = value(depth: depth - 1, &random)
            }
            return object
        }
    }

    private static func stripped(_ value: Any) -> Any {
        if let object = value as? [String: Any] { return object.filter { $0.key != "t" }.mapValues(stripped) }
        if let list = value as? [Any] { return list.map(stripped) }
        return value
    }
}
