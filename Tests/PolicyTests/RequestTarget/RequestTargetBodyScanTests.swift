import Testing

@testable import Policy

@Suite struct RequestTargetBodyScanTests {
    static let bodies: [(json: String, found: [String])] = [
        ("{}", []), ("[]", []), ("null", []), (" \t\r\n true ", []), ("-0.5e+10", []), ("\"x\"", []), ("0", []), ("[[],{},[{}]]", []),
        (#"{"operate_all":true}"#, []),
        (#"{"a":[1,2,{"b":"c\n\u00e9\ud83d\ude00é"}],"d":null}"#, []),
        (#"{"enterprise_project_id":"0"}"#, ["0"]),
        (#"{"enterprise\u005fproject_id":"\u0039-9"}"#, ["9-9"]),
        (#"{"data":{"enterprise_project_id":"a"},"list":[{"enterprise_project_id":"b"},{"enterprise_project_id":"c"}]}"#, ["a", "b", "c"]),
        (#"{"enterprise_project_id":null}"#, []),
        (#"{"x":"enterprise_project_id"}"#, []), (#"["enterprise_project_id"]"#, []),
        (#"{"start_latest_update_time_of_image":1,"a":"a long text that spans several words of eight bytes, no escape"}"#, []),
    ]

    @Test(arguments: bodies)
    func `finds every tenant at any depth`(json: String, found: [String]) throws {
        #expect(try EnterpriseProjectScan(json: Array(json.utf8)).enterpriseProjects == found)
    }

    static let faults: [(json: String, fault: JSONFault)] = [
        ("", .empty), (" \n", .empty), ("\u{FEFF}{}", .byteOrderMark),
        (#"{"a":1}{"#, .trailingBytes(at: 7)), ("[] x", .trailingBytes(at: 3)), ("1 2", .trailingBytes(at: 2)),
        ("[]]", .trailingBytes(at: 2)),
        (#"{"a":1/*"*/}"#, .unexpectedByte(0x2F, at: 6)), ("//x\n{}", .unexpectedByte(0x2F, at: 0)),
        ("{'a':1}", .unexpectedByte(0x27, at: 1)),
        ("{a:1}", .unexpectedByte(0x61, at: 1)), ("[1,]", .unexpectedByte(0x5D, at: 3)), (#"{"a":1,}"#, .unexpectedByte(0x7D, at: 7)),
        ("[1 2]", .unexpectedByte(0x32, at: 3)), (#"{"a" 1}"#, .unexpectedByte(0x31, at: 5)), ("[}", .unexpectedByte(0x7D, at: 1)),
        ("{]", .unexpectedByte(0x5D, at: 1)), ("[1}", .unexpectedByte(0x7D, at: 2)), ("NaN", .unexpectedByte(0x4E, at: 0)),
        ("tru", .unexpectedEnd), ("[trux]", .unexpectedByte(0x78, at: 4)), ("+1", .unexpectedByte(0x2B, at: 0)),
        ("=1", .unexpectedByte(0x3D, at: 0)),
        ("[", .unexpectedEnd), ("{\"a\"", .unexpectedEnd), ("\"abc", .unexpectedEnd), ("\"abc\\", .unexpectedEnd),
        ("{\"a\":", .unexpectedEnd),
        ("\"\\u12", .unexpectedEnd),
        ("01", .invalidNumber(at: 0)), ("[-]", .invalidNumber(at: 1)), ("1.", .invalidNumber(at: 0)), ("1e", .invalidNumber(at: 0)),
        ("-01", .invalidNumber(at: 0)), ("[1e+]", .invalidNumber(at: 1)),
        (#""\x""#, .invalidEscape(at: 1)), (#""\u00g0""#, .invalidEscape(at: 1)),
        (#""\ud83d""#, .loneSurrogate(at: 1)), (#""\udc00""#, .loneSurrogate(at: 1)), (#""\ud83d\u0041""#, .loneSurrogate(at: 1)),
        ("\"a\nb\"", .controlCharacter(at: 2)), ("\"a long enough run \u{1}\"", .controlCharacter(at: 19)),
        (#"{"enterprise_project_id":"a","enterprise_project_id":"b"}"#, .enterpriseProject(.repeated)),
        (#"{"enterprise_project_id":null,"x":{"enterprise_project_id":"b"},"enterprise_project_id":"c"}"#, .enterpriseProject(.repeated)),
        (#"{"enterpriseProjectId":"a"}"#, .enterpriseProject(.lookAlikeName)),
        (#"{"Enterprise_Project_Id":"a"}"#, .enterpriseProject(.lookAlikeName)),
        (#"{"enterpri\u017fe_project_id":"a"}"#, .enterpriseProject(.lookAlikeName)),
        (#"{" enterprise_project_id":"a"}"#, .enterpriseProject(.lookAlikeName)),
        (#"{"enterprise_project_id\u0000":"a"}"#, .enterpriseProject(.lookAlikeName)),
        (#"{"enterprise_project_id":0}"#, .enterpriseProject(.notAString)),
        (#"{"enterprise_project_id":["a"]}"#, .enterpriseProject(.notAString)),
        (#"{"enterprise_project_id":{"a":1}}"#, .enterpriseProject(.notAString)),
        (#"{"enterprise_project_id":""}"#, .enterpriseProject(.empty)),
        (#"{"enterprise_project_id":"a b"}"#, .enterpriseProject(.forbiddenCharacter)),
    ]

    @Test(arguments: faults)
    func `refuses what is not JSON or hides a tenant`(json: String, fault: JSONFault) {
        #expect(throws: fault) { try EnterpriseProjectScan(json: Array(json.utf8)) }
        #expect(!fault.sentence.isEmpty)
    }

    @Test(arguments: [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE9, 0x95], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]])
    func `refuses strings that are not UTF-8`(bytes: [UInt8]) {
        #expect(throws: JSONFault.invalidUTF8(at: 1)) { try EnterpriseProjectScan(json: Array("\"".utf8) + bytes + Array("\"".utf8)) }
        #expect(throws: JSONFault.invalidUTF8(at: 1)) { try EnterpriseProjectScan(json: Array("\"".utf8) + bytes) }
    }

    @Test func `keeps its limits`() {
        let deepest =
            String(repeating: "[", count: EnterpriseProjectScan.maximumDepth) + String(repeating: "]", count: EnterpriseProjectScan.maximumDepth)
        #expect(throws: Never.self) { try EnterpriseProjectScan(json: Array(deepest.utf8)) }
        #expect(throws: JSONFault.tooDeep(limit: EnterpriseProjectScan.maximumDepth)) { try EnterpriseProjectScan(json: Array("[\(deepest)]".utf8)) }
        let one = #"{"enterprise_project_id":"a"}"#
        let most = Array(repeating: one, count: EnterpriseProjectScan.maximumValues).joined(separator: ",")
        #expect(throws: Never.self) { try EnterpriseProjectScan(json: Array("[\(most)]".utf8)) }
        #expect(throws: JSONFault.enterpriseProject(.tooMany(limit: EnterpriseProjectScan.maximumValues))) {
            try EnterpriseProjectScan(json: Array("[\(most),\(one)]".utf8))
        }
    }

    @Test func `finds the end of a plain run wherever it falls in a word`() {
        for special in [UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x00, 0x1F, 0x80, 0xFF] {
            for position in 0..<20 {
                var bytes = [UInt8](repeating: UInt8(ascii: "!"), count: 24)
                bytes[position] = special
                bytes[23] = UInt8(ascii: "\"")
                #expect(PlainRun.end(in: bytes.span, from: 0) == position)
            }
        }
        #expect(PlainRun.end(in: [UInt8](repeating: 0x7F, count: 19).span, from: 3) == 19)
    }
}

extension EnterpriseProjectScan {
    fileprivate init(json: [UInt8]) throws(JSONFault) { try self.init(json: json.span) }
}
