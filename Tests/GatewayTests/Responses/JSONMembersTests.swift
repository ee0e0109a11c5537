import Foundation
import Testing

@testable import Gateway

@Suite struct JSONMembersTests {
    @Test func `reads strings and whole numbers of the object itself only`() {
        let members = JSONMembers(
            #"""
            { "nested" : {"task_id":"inner","deep":[{"task_id":"deeper"},"]}"]}, "list":["task_id",{"a":"}"}],
              "task_id" : "outer" , "record_total_num" : -12, "half":1.5, "big":1e3, "flag":true, "none":null }
            """#.utf8
        )
        #expect(members.string("task_id") == "outer")
        #expect(members.integer("record_total_num") == -12)
        for absent in ["nested", "deep", "list", "a", "half", "big", "flag", "none"] {
            #expect(members.string(absent) == nil && members.integer(absent) == nil, "\(absent)")
        }
        #expect(members.integer("task_id") == nil)
    }

    @Test(arguments: [
        (#"{"a":"q\"q"}"#, "q\"q"), (#"{"a":"b\\"}"#, #"b\"#), (#"{"a":"s\/s"}"#, "s/s"), (#"{"a":"","b":"c"}"#, ""),
        (#"{"a":"é\u4e2d"}"#, "é中"), (#"{"a":"line\nline"}"#, "line\nline"), (#"{"a":"\u0041bc"}"#, "Abc"),
        (#"{"a":"\ud83d\ude00"}"#, "😀"),
    ])
    func `reads escapes as what they stand for`(json: String, value: String) {
        #expect(JSONMembers(json.utf8).string("a") == value)
    }

    @Test(arguments: [
        "", " ", "[]", "null", "\"a\"", "{", "{\"a\"", "{\"a\":", "{\"a\":\"", "{\"a\":\"\\", "}", "{\"a\":-}", "{a:1}", "{\"a\" 1}",
    ])
    func `reads nothing from what is no object`(json: String) {
        let members = JSONMembers(json.utf8)
        #expect(members.string("a") == nil && members.integer("a") == nil)
    }

    @Test func `keeps what came before the garbage`() {
        #expect(JSONMembers(#"{"error_code":"HSS.1","x":"#.utf8).string("error_code") == "HSS.1")
        #expect(JSONMembers(#"{"n":99999999999999999999,"error_code":"HSS.1"}"#.utf8).string("error_code") == "HSS.1")
    }

    @Test func `leaves out texts that are longer than any identifier`() {
        let long = String(repeating: "x", count: 257)
        #expect(JSONMembers(#"{"a":"\#(long)","b":"\#(long.dropLast())"}"#.utf8).string("a") == nil)
        #expect(JSONMembers(#"{"a":"\#(long)","b":"\#(long.dropLast())"}"#.utf8).string("b")?.count == 256)
    }

    @Test func `agrees with the platform's parser on whole objects`() throws {
        var random = SplitMix64(seed: 11)
        let texts = ["", "x", "a b", "/v5/", "\"", "\\", "{}", "],[", "中文", ":,", "task_id"]
        for _ in 0..<2_000 {
            var object: [String: Any] = ["nested": ["task_id": "no", "list": [1, "}", ["]": "{"]]] as [String: Any]]
            for index in 0..<Int.random(in: 0...6, using: &random) {
                let text = texts.randomElement(using: &random) ?? ""
                object["k\(index)"] = Bool.random(using: &random) ? text : Int.random(in: -9_999...9_999, using: &random)
            }
            let json = try JSONSerialization.data(withJSONObject: object, options: Bool.random(using: &random) ? [.prettyPrinted] : [])
            let members = JSONMembers(json)
            for (name, value) in object where name != "nested" {
                #expect(members.string(name) == value as? String, "\(String(decoding: json, as: UTF8.self))")
                #expect(members.integer(name).map(Int.init) == (value is String ? nil : value as? Int))
            }
            #expect(members.string("task_id") == nil)
        }
    }

    @Test func `ends quietly on any garbage`() {
        var random = SplitMix64(seed: 7)
        let seed = Array(#"{"task_id":"a\"b","n":-12,"o":{"x":[1,{"y":"}"}]},"error_code":"HSS.0001","\u00e9":null}"#.utf8)
        let spice = Array(#"{}[]",:\-0eE. u"#.utf8)
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let position = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.insert(spice.randomElement(using: &random) ?? 0, at: position)
                case 1: bytes = Array(bytes[..<position])
                case 2 where position < bytes.count: bytes[position] = UInt8.random(in: 0...255, using: &random)
                default: bytes = Array(bytes[position...])
                }
            }
            let members = JSONMembers(bytes)
            #expect((members.string("task_id")?.utf8.count ?? 0) <= bytes.count * 3)
        }
        // Depth uses no stack.
        #expect(JSONMembers(Array(repeating: UInt8(ascii: "["), count: 1_000_000)).string("a") == nil)
        let deep = Array("{\"o\":".utf8) + Array(repeating: UInt8(ascii: "["), count: 500_000) + Array("\"a".utf8)
        #expect(JSONMembers(deep).string("a") == nil)
    }
}
