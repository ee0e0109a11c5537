import Codecs
import Foundation
import Testing

@testable import Audit

@Suite struct RecordEncoderTests {
    static let gateway = Record.Gateway(instance: "gw-1", version: "0.1.0", configSHA256: "c0ffee")

    static func encode(_ record: Record, as sequence: UInt64 = 7) -> String {
        var encoder = RecordEncoder(gateway: gateway)
        return String(unsafeUninitializedCapacity: encoder.bound(of: record)) { buffer in
            var line = LineWriter(buffer)
            encoder.encode(record, as: sequence, to: &line)
            return line.count
        }
    }

    static func bare(_ phase: Record.Phase = .response) -> Record {
        Record(id: RecordID(high: 0x019C_1664_A218_7000, low: 0x8000_0000_0000_0001), phase: phase, time: instant)
    }

    static func full() -> Record {
        var record = bare()
        record.requestID = "req-1"
        record.caller = Record.Caller(name: "image-team", method: "api_key", address: "10.0.0.7")
        record.operation = "BatchExportBaselineTask"
        record.kind = .export
        record.method = "POST"
        record.path = "/v5/0123456789abcdef0123456789abcdef/image/baseline/export"
        record.query = "enterprise_project_id=0"
        record.project = Record.Project(name: "prod-north", id: "0123456789abcdef0123456789abcdef", region: "cn-north-4")
        record.enterpriseProjectID = Record.EnterpriseProjectID(value: "0", injected: true)
        record.credential = Record.Credential(name: "prod-keys", type: "aksk", accessKeyTail: "WXYZ")
        record.decision = .allow
        record.rule = "exports"
        record.errorCode = "HSS.0000"
        record.reason = "quarterly review"
        record.requestBody = Record.RequestBody(
            bytes: 20, sha256: SHA256Hash(bytes: .init(repeating: 0xAB)),
            fields: .object(["operate_all": true, "n": -1, "l": .list(["a", .null, .object([:])])]))
        record.status = 200
        record.outcome = .success
        record.source = .upstream
        record.upstream = Record.Upstream(requestID: "up-1", attempts: 2)
        record.upstream?.connect = .microseconds(15)
        record.upstream?.firstByte = .milliseconds(2)
        record.upstream?.total = .seconds(3)
        record.upstream?.error = "reset"
        record.responseBody = Record.ResponseBody(bytes: 44, sha256: SHA256Hash(bytes: .init(repeating: 0x0F)))
        record.export = Record.Export(taskID: "asdwwqdtut01", fileID: "f-1", recordTotalNum: 1)
        record.duration = .nanoseconds(3_000_999)
        record.event = "none"
        record.detail = ["a": "b"]
        return record
    }

    @Test func `writes every part in the contract's order`() {
        let expected = """
            {"v":1,"seq":7,"id":"019c1664-a218-7000-8000-000000000001","phase":"response","time":"2026-01-31T23:59:59.000001Z",\
            "request_id":"req-1","caller":{"name":"image-team","method":"api_key","address":"10.0.0.7"},\
            "operation":"BatchExportBaselineTask","kind":"export","method":"POST",\
            "path":"/v5/0123456789abcdef0123456789abcdef/image/baseline/export","query":"enterprise_project_id=0",\
            "project":{"name":"prod-north","id":"0123456789abcdef0123456789abcdef","region":"cn-north-4"},\
            "enterprise_project_id":{"value":"0","injected":true},\
            "credential":{"name":"prod-keys","type":"aksk","access_key_tail":"WXYZ"},"decision":"allow","rule":"exports",\
            "error_code":"HSS.0000","reason":"quarterly review",\
            "request_body":{"bytes":20,"sha256":"\(String(repeating: "ab", count: 32))",\
            "fields":{"operate_all":true,"n":-1,"l":["a",null,{}]}},\
            "status":200,"outcome":"success","source":"upstream",\
            "upstream":{"request_id":"up-1","attempts":2,"connect_us":15,"first_byte_us":2000,"total_us":3000000,"error":"reset"},\
            "response_body":{"bytes":44,"sha256":"\(String(repeating: "0f", count: 32))"},\
            "export":{"task_id":"asdwwqdtut01","file_id":"f-1","record_total_num":1},"duration_us":3000,\
            "gateway":{"instance":"gw-1","version":"0.1.0","config_sha256":"c0ffee"},"event":"none","detail":{"a":"b"}}

            """
        #expect(Self.encode(Self.full()) == expected)
    }

    @Test func `leaves absent parts out`() {
        let gateway = #""gateway":{"instance":"gw-1","version":"0.1.0","config_sha256":"c0ffee"}"#
        let head = #"{"v":1,"seq":7,"id":"019c1664-a218-7000-8000-000000000001","phase":"#
        let time = #""time":"2026-01-31T23:59:59.000001Z","#
        #expect(Self.encode(Self.bare(.request)) == head + #""request","# + time + gateway + "}\n")
        let start = Record(event: "start", id: Self.bare().id, time: instant)
        #expect(Self.encode(start) == head + #""event","# + time + gateway + #","event":"start"}"# + "\n")
        var empty = Self.bare(.refusal)
        empty.export = Record.Export()
        #expect(Self.encode(empty).contains(#""export":{},"gateway""#))
    }

    static let hostile: [String] = [
        "\r\n", "\n", "\u{2028}", "\u{2029}", "\u{85}", "\u{1B}[2J", "\u{7F}", "\"", "\\", "\",\"seq\":99,\"x\":\"", "\u{0}", "\u{9B}31m",
        "\u{202E}gpj", "\u{2066}", "\u{FEFF}", "\u{E0041}\u{E007F}", "\u{E0100}\u{FE00}", "\u{3164}\u{115F}\u{200B}", "\u{FE0F}", "e\u{301}🇩🇪👩‍👩‍👧",
        String(repeating: "\u{1}", count: 4_096),
        String(decoding: [0xFF, 0xFE, 0x41], as: UTF8.self), String(decoding: [0xED, 0xA0, 0x80], as: UTF8.self),
        String(repeating: "a", count: 15) + "\n" + String(repeating: "é", count: 40) + "\"",
    ]

    /// Every single-byte character at every position within the words that are processed as a whole.
    static let everywhere = (0...0xFF).map { byte in
        String(repeating: "x", count: byte % 11) + String(UnicodeScalar(UInt8(byte))) + "y"
    }

    @Test(arguments: hostile + everywhere)
    func `makes one line of valid JSON of any text in any place`(text: String) throws {
        var record = Self.full()
        record.path = text
        record.reason = text + text
        record.caller?.name = text
        var fields = FieldObject()
        fields.add(text, .list([.string(text)]))
        record.requestBody?.fields = .object(fields)
        record.requestBody?.text = text
        record.detail = [:]
        record.detail?.add(text, .string(text))
        let line = Self.encode(record)
        #expect(line.utf8.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F } && line.utf8.last == 0x0A)
        #expect(!line.unicodeScalars.contains { PrintableText.isHidden($0) })
        let json = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(json["path"] as? String == text)
        #expect(json["reason"] as? String == text + text)
        #expect((json["detail"] as? [String: String])?[text] == text)
        #expect((json["request_body"] as? [String: Any])?["text"] as? String == text)
        #expect(json["seq"] as? Int == 7)
        let whole = Array(line.utf8.dropLast())
        #expect(whole.withUnsafeBytes { RecordLine($0)?.sequence } == 7)
    }

    @Test(arguments: [0, 9, 10, 99, 100, 9_999_999_999_999_999_999, .max] as [UInt64])
    func `writes numbers of every width`(number: UInt64) {
        #expect(Self.encode(Self.bare(), as: number).hasPrefix("{\"v\":1,\"seq\":\(number),"))
    }

    @Test func `cuts nesting that is too deep, at the deepest and smallest value`() throws {
        var value = FieldValue.string("")
        for _ in 0..<100 { value = .list([value]) }
        var record = Self.bare()
        record.detail = ["deep": value]
        #expect(try JSONSerialization.jsonObject(with: Data(Self.encode(record).utf8)) is [String: Any])
    }

    @Test func `keeps the first of two fields of one name`() {
        #expect(FieldObject(dictionaryLiteral: ("a", 1), ("a", 2)).fields.map(\.value) == [1])
    }
}
