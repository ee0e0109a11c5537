import Audit
import Codecs
import Foundation
import Testing

@testable import Inquiry

@Suite struct ReportTests {
    private static func records(_ journal: JournalFixture, _ records: [Record]) throws -> [JournalRecord] {
        try journal.write(records)
        return try journal.archive.page(
            {
                var query = RecordQuery(); query.order = .oldest; return query
            }()
        ).records
    }

    @Test func `counts what callers did, and leaves out what is not proved`() throws {
        let journal = try JournalFixture()
        let records = try Self.records(
            journal,
            [
                journal.record(0, .request, kind: .export), journal.record(0, kind: .export) { $0.export = Record.Export(taskID: "t") },
                journal.record(1) { $0.export = Record.Export(taskID: "t", fileID: "f", recordTotalNum: 40) },
                journal.record(2) { $0.export = Record.Export(taskID: "t", fileID: "f", recordTotalNum: 40) },
                journal.record(3, kind: .download) { $0.responseBody = Record.ResponseBody(bytes: 1_000) },
                journal.record(4, kind: .download, outcome: .failure) { $0.responseBody = Record.ResponseBody(bytes: 10) },
                journal.record(5, .refusal, caller: "team-b", outcome: .refused),
                journal.record(6, caller: "team-b") { $0.enterpriseProjectID = .init(value: "all_granted_eps", injected: false) },
                journal.record(40 * 86_400, caller: "team-b", outcome: .unknown), journal.record(41 * 86_400, caller: "unproved"),
            ])
        var report = ActivityReport(provedUpTo: 9)
        records.forEach { report.add($0) }
        let november = try #require(report.totals[.init(month: "2026-11", caller: "team-a")])
        #expect(november.calls == 5 && november.exports == 1 && november.rows == 40 && november.failures == 1)
        #expect(november.downloads == 1 && november.incompleteDownloads == 1 && november.downloadedBytes == 1_010)
        #expect(report.totals[.init(month: "2026-11", caller: "team-b")]?.refusals == 1)
        #expect(report.totals[.init(month: "2026-12", caller: "team-b")]?.unknown == 1)
        #expect(report.unproved == 1 && report.totals.keys.allSatisfy { $0.caller != "unproved" })
        #expect(report.allGrantedCallers.map(\.caller) == ["team-b"])
        #expect(report.slowest.first?.operation == "ListVulnerabilities")
        #expect(report.text(proof: "Proved.").contains("1 records from 9 on are left out"))
        #expect(try JSONSerialization.jsonObject(with: Data(report.json(proof: "Proved.").utf8)) is [String: Any])
        #expect(report.csv.split(separator: "\r\n").count == 4)
    }

    private static func trace(_ number: Int, name: String = "listVulnerabilities", more: String = "") -> String {
        let time = JournalFixture.start.microseconds / 1_000 + Int64(number) * 1_000 + 300
        return #"{"trace_id":"trace-\#(number)","trace_name":"\#(name)","service_type":"HSS","time":\#(time)\#(more)}"#
    }

    private static func compare(_ content: String, _ records: [Record], reads: Bool = true) throws -> Reconciliation {
        let journal = try JournalFixture()
        let calls = try Self.records(journal, records).compactMap { Reconciliation.Call($0) }
        let path = journal.path + "/cts.json"
        try content.write(toFile: path, atomically: true, encoding: .utf8)
        var scope = Reconciliation.Scope()
        scope.includesReads = reads
        return Reconciliation(traces: try CloudTrace.read(path: path), calls: calls, scope: scope)
    }

    @Test(arguments: ["{\"traces\":[$]}", "[$]", "$"])
    func `matches traces by request id, then by name and time, in every form of an export`(form: String) throws {
        let journal = try JournalFixture()
        let user = #","user":{"name":"robot","access_key_id":"HPUAKEXAMPLEABCD"}"#
        let traces = [
            Self.trace(1, name: "anything", more: #","request_id":"hss-1""# + user), Self.trace(2),
            Self.trace(3, more: #","user":"{\"access_key_id\":\"HPUAKEXAMPLEABCD\"}""#),
        ]
        let content = form.replacingOccurrences(of: "$", with: traces.joined(separator: form == "$" ? "\n" : ","))
        let result = try Self.compare(content, (1...3).map { journal.record($0) })
        #expect(result.agrees && result.matched == 3, "\(result.text)")
    }

    @Test func `lists calls past the gateway, and calls that CTS doesn't know`() throws {
        let journal = try JournalFixture()
        let key = #","user":{"access_key_id":"HPUAKEXAMPLEABCD"}"#
        let other = #","user":{"access_key_id":"SOMEBODYELSEKEY"}"#
        let traces = [
            Self.trace(1, more: #","request_id":"hss-1""#), Self.trace(2, more: #","request_id":"not-ours""# + key), Self.trace(3, more: other),
            Self.trace(90_000), Self.trace(6, name: "deleteHost"),
        ]
        let result = try Self.compare(
            "[\(traces.joined(separator: ","))]", [1, 4, 6].map { journal.record($0, kind: $0 == 4 ? .write : .read) }, reads: false)
        #expect(result.unexplainedTraces.map(\.id) == ["trace-2", "trace-6"])
        #expect(result.unconfirmedCalls.map(\.sequence) == [1])
        #expect(result.matched == 1 && result.ignoredTraces == 2 && result.ignoredCalls == 1)
        #expect(result.text.contains("1 matched, 2 past the gateway, 1 unknown to CTS"))
        #expect(try JSONSerialization.jsonObject(with: Data(result.json.utf8)) is [String: Any])
    }

    private static let pages: [(name: String, content: @Sendable ([String]) -> String)] = [
        ("a page", { #"{"traces":[\#($0.joined(separator: ","))],"meta_data":{"count":3}}"# }),
        ("pages one behind the other", { $0.map { #"{"traces":[\#($0)],"meta_data":{"count":1}}"# }.joined() }),
        ("pages a line each", { $0.map { #"{"traces":[\#($0)]}"# }.joined(separator: "\n") }),
        ("a list of pages", { "[" + $0.map { #"{"traces":[\#($0)]}"# }.joined(separator: ",") + "]" }),
        ("lists one behind the other", { $0.map { "[\($0)]" }.joined(separator: "\r\n") }),
        ("a byte order mark", { "\u{FEFF}" + "[" + $0.joined(separator: ",") + "]" }),
        ("marks between files", { $0.map { "\u{FEFF}[\($0)]\n" }.joined() }),
    ]

    @Test(arguments: pages.indices, [false, true])
    func `reads the forms that CTS and its users make files in, compressed or not`(form: Int, isCompressed: Bool) throws {
        let journal = try JournalFixture()
        let path = journal.path + "/cts.json"
        try Self.pages[form].content((1...3).map { Self.trace($0) }).write(toFile: path, atomically: true, encoding: .utf8)
        if isCompressed {
            let gzip = Process()
            gzip.executableURL = URL(filePath: "/usr/bin/env")
            gzip.arguments = ["gzip", path]
            try gzip.run()
            gzip.waitUntilExit()
        }
        #expect(
            try CloudTrace.read(path: path + (isCompressed ? ".gz" : "")).map(\.id) == ["trace-1", "trace-2", "trace-3"], "\(Self.pages[form].name)")
    }

    @Test(arguments: [
        "1793491201300", "\"1793491201300\"", "1793491201", "\"2026/11/01 08:00:01 GMT+08:00\"", "\"2026-11-01 08:00:01 GMT+8\"",
        "\"2026/11/1 00:00:01 UTC\"", "\"2026/10/31 18:30:01 GMT-05:30\"", "\"2026-11-01T00:00:01Z\"", "\"2026/11/01 00:00:01\"",
    ])
    func `reads the times that CTS writes`(time: String) throws {
        let trace = try #require(JSONDocument(Array(#"{"trace_name":"a","time":\#(time)}"#.utf8)).flatMap(CloudTrace.init))
        #expect(trace.time.microseconds / 1_000_000 == JournalFixture.start.microseconds / 1_000_000 + 1)
    }

    @Test(arguments: ["\"2026/13/01 00:00:01 GMT+08:00\"", "\"08:00\"", "\"GMT\"", "\"2026/11/01 00:00:01 XYZ\"", "\"\"", "null", "{}"])
    func `takes nothing else for a time of CTS`(time: String) throws {
        #expect(JSONDocument(Array(#"{"trace_name":"a","time":\#(time)}"#.utf8)).flatMap(CloudTrace.init) == nil)
    }

    @Test func `accuses nobody of what the console or the cloud did without a key, and does so of what a key of ours did`() throws {
        let journal = try JournalFixture()
        let traces = [
            Self.trace(1, name: "addHostsGroup", more: #","trace_type":"ConsoleAction","request_id":"null","user":{"name":"eve"}"#),
            Self.trace(2, name: "runImageScan", more: #","trace_type":"SystemAction""#),
            Self.trace(3, name: "addHostsGroup", more: #","trace_type":"ConsoleAction","user":{"access_key_id":"HPUAKEXAMPLEABCD"}"#),
            Self.trace(4, name: "addHostsGroup", more: #","trace_type":"ApiCall","user":{"access_key_id":"HPUAKEXAMPLEABCD"}"#),
        ]
        let result = try Self.compare("[\(traces.joined(separator: ","))]", [journal.record(0), journal.record(9)])
        #expect(result.unexplainedTraces.map(\.id) == ["trace-3", "trace-4"] && result.ignoredTraces == 2)
    }

    @Test func `knows CTS's own names, and expects of it what it keeps`() throws {
        let calls: [Reconciliation.Call] = [
            ("SwitchHostsProtectStatus", "write"), ("ListVulnerabilities", "read"), ("BatchExportBaselineTask", "export"),
            ("ListDownloadExportedFile", "download"), ("AddHostsGroup", "write"), ("ExportVuls", "export"),
        ].enumerated().map { number, call in
            Reconciliation.Call(
                instance: "gw-\(number)", sequence: 7, time: Timestamp(microseconds: JournalFixture.start.microseconds + Int64(number) * 1_000_000),
                operation: call.0, caller: "a", kind: call.1, upstreamRequestID: nil, accessKeyTail: "ABCD")
        }
        let traces = try [Self.trace(0, name: "openHostsProtectStatus", more: #","request_id":null"#), Self.trace(90, name: "exportVuls")].map {
            try #require(JSONDocument(Array($0.utf8)).flatMap(CloudTrace.init))
        }
        var scope = Reconciliation.Scope()
        scope.operations = { $0 == "openHostsProtectStatus" ? ["SwitchHostsProtectStatus"] : [] }
        let result = Reconciliation(traces: traces, calls: calls, scope: scope)
        #expect(result.matched == 1 && result.unexplainedTraces.isEmpty)
        // One that changes something, and one of a kind that CTS records according to the file.
        #expect(result.unconfirmedCalls.map(\.operation) == ["AddHostsGroup", "ExportVuls"] && result.ignoredCalls == 3)
    }

    @Test(arguments: ["", "{", "[1]", #"{"a":1}"#, #"[{"trace_name":"x"}]"#, "no json"])
    func `refuses a file that is no export of CTS`(content: String) throws {
        #expect(throws: InquiryError.self) { try Self.compare(content, []) }
    }
}
