import Testing

@testable import Audit

@Suite struct RecordLineTests {
    static let whole = String(RecordEncoderTests.encode(RecordEncoderTests.full()).dropLast())

    static func read(_ line: String) -> RecordLine? {
        Array(line.utf8).withUnsafeBytes { RecordLine($0) }
    }

    @Test func `finds what a closing record repeats`() throws {
        var record = RecordEncoderTests.bare(.request)
        record.path = "/a\",\"gateway\":{"
        record.requestBody = Record.RequestBody(bytes: 1, fields: .object(["gateway": .list(["x"])]))
        let line = String(RecordEncoderTests.encode(record).dropLast())
        let members = try #require(Self.read(line)?.members)
        #expect(
            String(decoding: Array(line.utf8)[members], as: UTF8.self)
                == #""path":"/a\",\"gateway\":{","request_body":{"bytes":1,"fields":{"gateway":["x"]}}"#)
        // The export comes after status, outcome and source, so it is separate from what comes before them.
        record.export = Record.Export(taskID: "t", fileID: nil, recordTotalNum: nil)
        let marked = String(RecordEncoderTests.encode(record).dropLast())
        let read = try #require(Self.read(marked))
        #expect(read.members == members && String(decoding: Array(marked.utf8)[read.export], as: UTF8.self) == #""export":{"task_id":"t"}"#)
        let bare = String(RecordEncoderTests.encode(RecordEncoderTests.bare(.request)).dropLast())
        #expect(Self.read(bare)?.members.isEmpty == true)
    }

    @Test func `takes no beginning of a record for a record`() {
        #expect(Self.read(Self.whole)?.phase == .response)
        for length in 0..<Self.whole.utf8.count {
            #expect(Self.read(String(Self.whole.prefix(length))) == nil)
        }
        #expect(Self.read(Self.whole + "}") == nil)
    }
}
