import Audit
import Testing

@testable import Shipping

/// The notices for a caller's webhook, read from records.
@Suite struct NoticeReaderTests {
    private static func line(
        caller: String = "images", phase: String = "response", kind: String = "read", outcome: String = "success", rest: String
    ) -> String {
        #"{"v":1,"seq":7,"id":"0190","phase":"\#(phase)","time":"2026-11-28T10:00:00.000001Z","caller":{"name":"\#(caller)"},"#
            + #""kind":"\#(kind)","project":{"name":"prod"},"outcome":"\#(outcome)",\#(rest)}"#
    }

    private static let ready = line(rest: #""export":{"task_id":"t1","file_id":"f1"}"#)

    private static func read(_ line: String, _ reader: NoticeReader, limit: Int? = 10, used: Int = 0) -> Notice? {
        Array(line.utf8).withUnsafeBytes { reader.notice(in: $0, limit: { limit }, exports: { _ in used }) }
    }

    private static func reader(_ kinds: Set<NoticeKind> = Set(NoticeKind.allCases)) -> NoticeReader { NoticeReader(caller: "images", kinds: kinds) }

    @Test func `tells of the end of an export once`() throws {
        var reader = Self.reader()
        let notice = try #require(Self.read(Self.ready, reader))
        #expect(notice.id == "export_ready:t1" && notice.kind == .exportReady)
        let body = String(decoding: notice.body(instance: "gw-1"), as: UTF8.self)
        #expect(body.hasPrefix(#"{"id":"export_ready:t1","event":"export_ready","time":"2026-11-28T10:00:00.000001Z","caller":"images","#))
        #expect(body.hasSuffix(#""audit_id":"0190","gateway":"gw-1","project":"prod","task_id":"t1","file_id":"f1"}"#))
        reader.isTold(notice)
        #expect(Self.read(Self.ready, reader) == nil)
        let failed = Self.line(rest: #""export":{"task_id":"t1"},"detail":{"task_status":"failure"}"#)
        #expect(Self.read(failed, reader)?.kind == .exportFailed)
    }

    @Test func `tells nobody of others' exports, of what is under way, and of what is not wanted`() {
        #expect(Self.read(Self.line(caller: "others", rest: #""export":{"task_id":"t1","file_id":"f1"}"#), Self.reader()) == nil)
        #expect(Self.read(Self.line(rest: #""export":{"task_id":"t1"}"#), Self.reader()) == nil)
        #expect(Self.read(Self.line(outcome: "failure", rest: #""export":{"task_id":"t1","file_id":"f1"}"#), Self.reader()) == nil)
        #expect(Self.read(Self.ready, Self.reader([.exportFailed])) == nil)
        #expect(Self.read("{\"caller\":{\"name\":\"images\"", Self.reader()) == nil)
    }

    @Test(arguments: [(7, 10, false), (8, 10, true), (10, 10, true), (1, 1, true), (0, 1, false), (Int.max, 10, true)])
    func `tells of four fifths of a day`(used: Int, limit: Int, isTold: Bool) {
        let line = Self.line(kind: "export", rest: #""export":{"task_id":"t1"}"#)
        #expect((Self.read(line, Self.reader(), limit: limit, used: used)?.id == "daily_limit:2026-11-28") == isTold)
        #expect(Self.read(line, Self.reader(), limit: nil, used: used) == nil)
    }

    @Test func `tells of the caller's own keys`() {
        func event(_ caller: String) -> String {
            #"{"v":1,"seq":7,"id":"0190","phase":"event","time":"2026-11-28T10:00:00.000001Z","event":"caller_key_ending","#
                + #""detail":{"key":"k1","kind":"api_key","caller":"\#(caller)","ends":"2026-12-01T00:00:00Z"}}"#
        }
        #expect(Self.read(event("images"), Self.reader())?.id == "key_ending:k1")
        #expect(Self.read(event("images2"), Self.reader()) == nil)
    }
}
