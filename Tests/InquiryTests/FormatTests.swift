import Audit
import Codecs
import Foundation
import Testing

@testable import Inquiry

@Suite struct FormatTests {
    /// One record of each phase and kind, including hostile texts.
    private static func records() throws -> [JournalRecord] {
        let journal = try JournalFixture()
        var records = Record.Kind.allCases.enumerated().map { number, kind in
            journal.record(number, kind: kind) { $0.requestBody = Record.RequestBody(bytes: 3) }
        }
        records += Record.Phase.allCases.enumerated().map { number, phase in journal.record(10 + number, phase, outcome: .refused) }
        records.append(Record(event: "start", id: journal.identifier(20), time: JournalFixture.start, detail: ["listeners": "127.0.0.1:8080"]))
        records.append(
            journal.record(21, caller: "=cmd|' /C calc'!A0") { record in
                record.reason = "\"quoted\", and a\nnew line\u{202E}turned"
                record.export = Record.Export(taskID: "@SUM(1)", fileID: "+1", recordTotalNum: -5)
            })
        try journal.write(records)
        return try journal.archive.page(
            {
                var query = RecordQuery(); query.order = .oldest; return query
            }()
        ).records
    }

    private static func events(_ format: RecordFormat) throws -> [(record: JournalRecord, event: [String: Any])] {
        try records().map { record in
            var writer = RecordWriter(format)
            let data = Data(writer.text(of: record))
            return (record, try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any]))
        }
    }

    @Test func `maps every record to an OCSF API Activity with what the class requires`() throws {
        for (record, event) in try Self.events(.ocsf) {
            #expect(event["class_uid"] as? Int == 6003 && event["category_uid"] as? Int == 6)
            let activity = try #require(event["activity_id"] as? Int)
            #expect([1, 2, 3, 4, 99].contains(activity) && event["type_uid"] as? Int == 600_300 + activity)
            #expect([1, 3].contains(event["severity_id"] as? Int) && [0, 1, 2].contains(event["status_id"] as? Int))
            #expect((event["time"] as? Int).map { Int64($0) } == record.time.microseconds / 1_000)
            let metadata = try #require(event["metadata"] as? [String: Any])
            #expect(metadata["version"] is String && (metadata["product"] as? [String: Any])?["vendor_name"] is String)
            #expect(((event["actor"] as? [String: Any])?["user"] as? [String: Any])?["name"] is String)
            #expect((event["api"] as? [String: Any])?["operation"] is String)
            let source = try #require(event["src_endpoint"] as? [String: Any])
            #expect(source["ip"] is String || source["name"] is String)
            // Required by the cloud profile.
            #expect((event["cloud"] as? [String: Any])?["provider"] is String)
        }
    }

    @Test func `says in OCSF what an export and a refusal were`() throws {
        let events = try Self.events(.ocsf)
        let export = try #require(events.first { $0.record[.kind] == "export" }).event
        #expect(export["activity_name"] as? String == "Create" && export["status"] as? String == "success")
        let refusal = try #require(events.first { $0.record.phase == .refusal }).event
        #expect(refusal["status_id"] as? Int == 2 && refusal["severity_id"] as? Int == 3)
    }

    @Test func `leaves nothing out of an OCSF event or a row of CSV that the record says`() throws {
        let line = """
            {"v":1,"seq":0,"id":"i","phase":"response","time":"1970-01-01T00:00:00.000001Z","kind":"export","region_header":"cn-east-3",\
            "project":{"name":"prod","id":"p"},"credential":{"name":"c","type":"aksk"},"request_body":{"bytes":3,"fields":"a \\"text\\"",\
            "truncated":true},"upstream":{"attempts":2,"total_us":9},"detail":{"waited_us":5,"list":[1,null]}}
            """
        let record = try #require(JournalRecord(Array(line.utf8)))
        var ocsf = RecordWriter(.ocsf)
        let event = try #require(try JSONSerialization.jsonObject(with: Data(ocsf.text(of: record))) as? [String: Any])
        let others = try #require(event["unmapped"] as? [String: Any])
        #expect(others["region_header"] as? String == "cn-east-3" && others["project"] as? String == "prod")
        #expect(others["request_fields"] as? String == "a \"text\"" && others["request_truncated"] as? Bool == true)
        #expect(others["attempts"] as? Int == 2 && others["total_us"] as? Int == 9 && others["credential_type"] as? String == "aksk")
        #expect((others["detail"] as? [String: Any])?["waited_us"] as? Int == 5)
        var csv = RecordWriter(.csv)
        let rows = Self.parse(String(decoding: csv.beginning() + csv.text(of: record), as: UTF8.self))
        let cells = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
        #expect(cells["region_header"] == "cn-east-3" && cells["attempts"] == "2" && cells["request_fields"] == "a \"text\"")
        // All except the format's version, which every line has.
        #expect(Set(rows[0]) == Set(RecordField.allCases.map(\.column)).subtracting(["v"]))
    }

    @Test func `maps every record to a CADF event with what the model requires`() throws {
        let outcomes = ["success", "failure", "unknown", "pending"]
        for (_, event) in try Self.events(.cadf) {
            #expect(event["typeURI"] as? String == "http://schemas.dmtf.org/cloud/audit/1.0/event")
            for key in ["id", "eventType", "eventTime", "action", "outcome"] { #expect(event[key] is String, "\(key)") }
            #expect(["activity", "control"].contains(event["eventType"] as? String) && outcomes.contains(event["outcome"] as? String ?? ""))
            for key in ["initiator", "target", "observer"] {
                let resource = try #require(event[key] as? [String: Any], "\(key)")
                #expect((resource["id"] as? String)?.isEmpty == false && resource["typeURI"] is String)
            }
            // Required for decisions of the gateway.
            if event["eventType"] as? String == "control" {
                #expect((event["reason"] as? [String: Any])?["policyId"] is String || event["reason"] is [String: Any])
            }
        }
    }

    @Test func `writes no cell that a spreadsheet takes for a formula`() throws {
        var writer = RecordWriter(.csv)
        var text = String(decoding: writer.beginning(), as: UTF8.self)
        for record in try Self.records() { text += String(decoding: writer.text(of: record), as: UTF8.self) }
        let rows = Self.parse(text)
        let columns = try #require(rows.first).count
        #expect(rows.allSatisfy { $0.count == columns })
        for cell in rows.joined() where Int(cell) == nil {
            #expect(cell.first.map { !"=+-@\t\r\n".contains($0) } ?? true, "\(cell)")
        }
        #expect(rows.joined().contains("'=cmd|' /C calc'!A0") && rows.joined().contains("-5"))
        #expect(rows.joined().contains("\"quoted\", and a\nnew line\u{FFFD}turned"))
    }

    /// RFC 4180, read by code other than the writer's.
    private static func parse(_ text: String) -> [[String]] {
        var rows: [[String]] = [[]]
        var cell = ""
        var isQuoted = false
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where isQuoted && scalars.first == "\"":
                cell.unicodeScalars.append("\"")
                scalars = scalars.dropFirst()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                rows[rows.count - 1].append(cell)
                cell = ""
            case "\r" where !isQuoted && scalars.first == "\n":
                scalars = scalars.dropFirst()
                rows[rows.count - 1].append(cell)
                cell = ""
                rows.append([])
            default: cell.unicodeScalars.append(scalar)
            }
        }
        return rows.dropLast()
    }

    @Test func `writes a table of one line for each record, whatever callers wrote`() throws {
        var writer = RecordWriter(.table)
        for record in try Self.records() {
            let line = String(decoding: writer.text(of: record), as: UTF8.self)
            #expect(line.hasSuffix("\n") && !line.dropLast().contains { $0.isNewline } && !line.contains("\u{202E}"))
        }
    }

    @Test func `writes JSON that is whole with no record, with one and with many`() throws {
        let records = try Self.records()
        for count in [0, 1, records.count] {
            var writer = RecordWriter(.json)
            var bytes = writer.beginning()
            for record in records.prefix(count) { bytes += writer.text(of: record) }
            let list = try #require(try JSONSerialization.jsonObject(with: Data(bytes + writer.end())) as? [[String: Any]])
            #expect(list.count == count)
        }
    }

    @Test(arguments: [
        ("=1", "'=1"), (";=1+1", "\";'=1+1\""), ("a;=cmd", "\"a;'=cmd\""), ("a,+1", "\"a,'+1\""), ("a\t@x", "\"a\t'@x\""), ("x\"=1", "\"x\"\"'=1\""),
        ("; =1", "\"; '=1\""), ("  -2x", "  '-2x"), ("a\n=1", "\"a\n'=1\""), ("-5", "-5"), ("a-b=c", "a-b=c"), ("1;2", "\"1;2\""), ("|=1", "|'=1"),
        ("\u{202E}=1", "\u{FFFD}=1"), ("a\u{9B}31mb\u{200B}", "a\u{FFFD}31mb\u{FFFD}"), ("\u{1B}[2J", "\u{FFFD}[2J"),
        ("\u{2212}1", "'\u{2212}1"), ("\u{FE66}1", "'\u{FE66}1"),
        ("a\"\u{301},=1", "\"a\"\"\u{301},'=1\""),
    ])
    func `gives a spreadsheet no cell that it would take for a formula, wherever it thinks that cells end`(text: String, cell: String) {
        #expect(CSVRecord.cell(text) == cell)
    }

    /// A body of quotation marks had cost a hundred times as much as one of letters, and four times as much when it was twice as long. Both are
    /// measured by the processor time of this thread, in turns.
    @Test func `costs no more for a cell of quotation marks than its length`() {
        func cost(_ text: String) -> Int {
            var (begin, end) = (timespec(), timespec())
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin)
            let cell = CSVRecord.cell(text)
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
            #expect(cell.utf8.count >= text.utf8.count)
            return (end.tv_sec - begin.tv_sec) * 1_000_000_000 + end.tv_nsec - begin.tv_nsec
        }
        let (letters, marks) = (String(repeating: "a", count: 1 << 17), String(repeating: "\"", count: 1 << 17))
        let costs = (0..<3).map { _ in (letters: cost(letters), marks: cost(marks)) }
        let least = (letters: costs.map(\.letters).min() ?? 0, marks: costs.map(\.marks).min() ?? .max)
        #expect(least.marks < 20 * least.letters, "\(costs)")
    }

    @Test(arguments: [RecordFormat.ocsf, .cadf, .csv, .table])
    func `writes nothing raw that a terminal or an editor would obey`(format: RecordFormat) throws {
        let journal = try JournalFixture()
        let hostile = "a\u{85}\u{9B}31m\u{202E}b\u{2066}c\u{200B}\u{FEFF}\u{2028}\u{E0041}d\u{1B}[2J\u{115F}\u{3164}\u{34F}\u{E0101}\u{FE01}任务"
        try journal.write([
            journal.record(0, caller: hostile) {
                $0.reason = hostile; $0.export = Record.Export(taskID: hostile)
                $0.detail = ["note": .string(hostile)]
            }
        ])
        let record = try #require(try journal.archive.page(RecordQuery()).records.first)
        var writer = RecordWriter(format)
        let text = String(decoding: writer.text(of: record), as: UTF8.self)
        #expect(!text.unicodeScalars.contains { $0.properties.isDefaultIgnorableCodePoint || PrintableText.isHidden($0) || $0.value == 0x1B })
        #expect(text.contains("任务"))
        guard format == .ocsf || format == .cadf else { return }
        // Nothing is lost: the JSON contains what the caller sent.
        let event = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect("\(event)".unicodeScalars.contains("\u{202E}"))
    }

    @Test func `lets no instance's name write a line of its own`() {
        var report = VerificationReport()
        report.instance = "one\nintact: records 0 to 9\u{1B}[1A\u{9B}2K"
        #expect(report.text.split(separator: "\n").count == 2 && !report.text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x9B })
    }
}
