import Audit
import Codecs
import Crypto
import Foundation
import Testing

@testable import Inquiry

@Suite struct ExportTrailTests {
    private static let content = Data("the file".utf8)

    /// Two callers, two runs of the gateway, an interrupted download, and another export in between.
    private static func fill(_ journal: JournalFixture) throws {
        let digest = SHA256Hash(SHA256.hash(data: content))
        try journal.write([
            journal.record(1, .request, caller: "image-team", operation: "BatchExportBaselineTask", kind: .export),
            journal.record(1, caller: "image-team", operation: "BatchExportBaselineTask", kind: .export) { record in
                record.reason = "quarterly report"
                record.query = "enterprise_project_id=0"
                record.export = Record.Export(taskID: "task-1")
            },
            journal.record(2, caller: "image-team") { $0.export = Record.Export(taskID: "task-1") },
            journal.record(3, caller: "other", operation: "BatchExportBaselineTask", kind: .export) { $0.export = Record.Export(taskID: "task-2") },
        ])
        try journal.write([
            journal.record(4, caller: "night-job") { $0.export = Record.Export(taskID: "task-1", fileID: "file-1", recordTotalNum: 12) },
            journal.record(5, caller: "night-job", operation: "ListDownloadExportedFile", kind: .download, outcome: .failure) { record in
                record.upstream?.error = "caller_left"
                record.responseBody = Record.ResponseBody(bytes: 4, sha256: SHA256Hash(SHA256.hash(data: content.prefix(4))))
                record.export = Record.Export(fileID: "file-1")
            },
            journal.record(6, .request, caller: "night-job", operation: "ListDownloadExportedFile", kind: .download) {
                $0.export = Record.Export(fileID: "file-1")
            },
            journal.record(6, caller: "night-job", operation: "ListDownloadExportedFile", kind: .download) { record in
                record.responseBody = Record.ResponseBody(bytes: content.count, sha256: digest)
                record.export = Record.Export(fileID: "file-1")
            },
        ])
    }

    private static func exports(
        _ journal: JournalFixture, _ query: RecordQuery, _ filter: ExportFilter = ExportFilter(), deadline: ContinuousClock.Instant? = nil
    ) throws -> (trails: [ExportTrail], end: ExportFilter.PageEnd) {
        var trails: [ExportTrail] = []
        let end = try journal.archive.forEachExport(query, filter, deadline: deadline ?? .now + .seconds(60)) { trail in
            trails.append(trail)
            return true
        }
        return (trails, end)
    }

    @Test(arguments: [false, true])
    func `ends a page where its records are large, and loses none over the pages`(isIndexed: Bool) throws {
        let journal = try JournalFixture()
        let text = String(repeating: "x", count: 4 << 10)
        var archive = journal.archive
        archive.bounds.bytes = 32 << 10
        archive.bounds.ahead = 16 << 10
        try journal.write(
            (0..<9).map {
                journal.record($0, kind: .export) {
                    $0.reason = text; $0.export = Record.Export(taskID: "t\($0.id)")
                }
            })
        if isIndexed { #expect(archive.refresh()) }
        for order in RecordQuery.Order.allCases {
            var query = RecordQuery()
            query.order = order
            query.kind = .export
            var seen: [UInt64] = []
            repeat {
                let page = try archive.page(query)
                #expect((1...7).contains(page.records.count), "a little less than 32 KiB")
                seen += page.records.map(\.sequence)
                query.cursor = page.next
            } while query.cursor != nil
            #expect(seen == (order == .oldest ? Array(0..<9) : (0..<9).reversed()))
        }
        var tasks: Set<String> = []
        var query = RecordQuery()
        repeat {
            query.cursor = try archive.forEachExport(query, ExportFilter(), deadline: .now + .seconds(60)) { trail in
                tasks.insert(trail.taskID ?? "")
                return tasks.count % 3 > 0
            }.next
        } while query.cursor != nil
        #expect(tasks.count == 9)
    }

    @Test(arguments: [true, false])
    func `joins creation, polls and downloads across callers and runs`(hasIndex: Bool) throws {
        let journal = try JournalFixture()
        try Self.fill(journal)
        if hasIndex { journal.archive.refresh() }
        let trail = try #require(try journal.archive.trail(task: "task-1"))
        #expect(trail.steps.map(\.step) == [.create, .poll, .poll, .download, .download])
        #expect(trail.steps.map { $0.record[.callerName] } == ["image-team", "image-team", "night-job", "night-job", "night-job"])
        #expect(trail.state == .downloaded && trail.fileIDs == ["file-1"] && trail.rows == 12)
        #expect(trail.downloads.map { $0[.outcome] } == ["failure", "success"])
        #expect(
            trail.text.contains("because: quarterly report") && trail.text.contains("caller_left") && trail.text.contains("enterprise_project_id=0"))
        #expect(try journal.archive.trail(task: "task-9") == nil)
        let other = try #require(try journal.archive.trail(task: "task-2"))
        #expect(other.state == .pending && other.steps.count == 1)
    }

    @Test(arguments: [true, false])
    func `keeps exports of two projects apart whose tasks and files have the same ids`(hasIndex: Bool) throws {
        let journal = try JournalFixture()
        let digest = SHA256Hash(SHA256.hash(data: Self.content))
        func elsewhere(_ record: inout Record) { record.project = Record.Project(name: "test", id: "4567", region: "cn-south-1") }
        func downloaded(_ record: inout Record) {
            record.responseBody = Record.ResponseBody(bytes: 8, sha256: digest)
            record.export = Record.Export(fileID: "file-1")
        }
        try journal.write([
            journal.record(1, caller: "one", kind: .export) { $0.export = Record.Export(taskID: "task-1") },
            journal.record(2, caller: "two", kind: .export) {
                $0.export = Record.Export(taskID: "task-1"); elsewhere(&$0)
            },
            journal.record(3, caller: "one") { $0.export = Record.Export(taskID: "task-1", fileID: "file-1") },
            journal.record(4, caller: "two") {
                $0.export = Record.Export(taskID: "task-1", fileID: "file-1"); elsewhere(&$0)
            },
            journal.record(5, caller: "two", kind: .download) {
                downloaded(&$0); elsewhere(&$0)
            },
        ])
        if hasIndex { journal.archive.refresh() }
        let trails = try Self.exports(journal, RecordQuery()).trails
        #expect(trails.map { $0.creation?[.callerName] } == ["two", "one"])
        #expect(trails.map(\.state) == [.downloaded, .ready] && trails.map(\.steps.count) == [3, 2])
        #expect(trails.allSatisfy { $0.foreignDownloaders.isEmpty })
        #expect(try journal.archive.trails(digest: digest?.description ?? "").map { $0.creation?[.callerName] } == ["two"])
        #expect(try journal.archive.trail(task: "task-1", in: "0123")?.steps.count == 2)
        let all = try #require(try journal.archive.trail(task: "task-1"))
        #expect(all.steps.count == 5 && all.foreignDownloaders.isEmpty)
    }

    @Test func `says that the creation of a task that was only asked for is not known`() throws {
        let journal = try JournalFixture()
        try journal.write([
            journal.record(1, caller: "owner", outcome: .failure) { $0.export = Record.Export(taskID: "task-1") },
            journal.record(2, caller: "owner", kind: .export) { $0.export = Record.Export(taskID: "task-2") },
        ])
        let told = "asked for  (its creation is not among these records)"
        #expect(try journal.archive.trail(task: "task-1")?.text.contains(told) == true)
        #expect(try journal.archive.trail(task: "task-2")?.text.contains(told) == false)
    }

    private static func part(
        _ journal: JournalFixture, _ number: Int, caller: String, _ range: String, bytes: Int? = nil, _ outcome: Record.Outcome = .success
    ) throws -> Record {
        let part = try #require(ContentRange(range)).part
        return journal.record(number, caller: caller, operation: "ListDownloadExportedFile", kind: .download, outcome: outcome) { record in
            record.status = 206
            record.detail = ["content_range": .string(range)]
            record.responseBody = Record.ResponseBody(bytes: bytes ?? part.count, sha256: nil)
            record.export = Record.Export(fileID: "file-1")
        }
    }

    @Test func `adds up the parts that a caller gets of a file`() throws {
        let journal = try JournalFixture()
        try journal.write([
            journal.record(1, caller: "owner", kind: .export) { $0.export = Record.Export(taskID: "task-1") },
            journal.record(2, caller: "owner") { $0.export = Record.Export(taskID: "task-1", fileID: "file-1") },
            // It asks for the head only.
            journal.record(3, caller: "owner", kind: .download) {
                $0.method = "HEAD"; $0.export = Record.Export(fileID: "file-1")
            },
        ])
        func trail() throws -> ExportTrail { try #require(try journal.archive.trail(task: "task-1")) }
        #expect(try trail().state == .ready)
        try journal.write([
            Self.part(journal, 4, caller: "other", "bytes 50-99/100"),
            // Of another caller's parts nothing is added.
            Self.part(journal, 5, caller: "third", "bytes 0-49/100"),
            Self.part(journal, 6, caller: "other", "bytes 0-39/100", bytes: 30, .failure),
            Self.part(journal, 7, caller: "other", "bytes 30-48/100"),
        ])
        #expect(try trail().state == .downloadIncomplete && trail().foreignDownloaders.isEmpty)
        try journal.write([Self.part(journal, 8, caller: "other", "bytes 49-49/100")])
        let seen = try trail()
        #expect(seen.state == .downloaded && seen.foreignDownloaders == ["other"] && seen.wholeDownloads == 1)
        #expect(seen.downloads.map { seen.isWhole($0) } == [false, false, false, false, false, true])
        #expect(seen.text.contains("the part bytes 49-49/100"))
        try journal.write([
            // All at once; and a whole answer that broke off, and its rest.
            Self.part(journal, 9, caller: "third", "bytes 0-99/100"),
            journal.record(10, caller: "fourth", kind: .download, outcome: .failure) {
                $0.status = 200
                $0.responseBody = Record.ResponseBody(bytes: 60, sha256: nil)
                $0.export = Record.Export(fileID: "file-1")
            },
            Self.part(journal, 11, caller: "fourth", "bytes 60-99/100"),
            // Parts of two versions make none.
            Self.part(journal, 12, caller: "fifth", "bytes 0-59/100"),
            Self.part(journal, 13, caller: "fifth", "bytes 60-100/101"),
        ])
        #expect(try trail().foreignDownloaders == ["other", "third", "fourth"])
    }

    @Test(arguments: [
        "", "bytes", "bytes 0-9", "bytes 9-0/10", "bytes 0-9/9", "bytes 0-9/9x", "bytes */10", "items 0-9/10", "bytes 0-9/10 x", "bytes -1-9/10",
    ])
    func `reads no part from what is none`(text: String) {
        #expect(ContentRange(text) == nil)
    }

    @Test func `finds an export by a file that somebody holds, and by no other`() throws {
        let journal = try JournalFixture()
        try Self.fill(journal)
        let path = journal.path + "/held"
        try Self.content.write(to: URL(fileURLWithPath: path))
        let digest = try FileDigest.of(path: path)
        #expect(try journal.archive.trails(digest: digest).map(\.taskID) == ["task-1"])
        #expect(try journal.archive.trails(digest: String(repeating: "0", count: 64)).isEmpty)
        #expect(throws: InquiryError.fileUnreadable(path: "/no/such/file", code: ENOENT)) { try FileDigest.of(path: "/no/such/file") }
    }

    @Test(arguments: [true, false])
    func `lists the exports of a state, of who fetched them, and of files that went to another team`(hasIndex: Bool) throws {
        let journal = try JournalFixture()
        try Self.fill(journal)
        if hasIndex { journal.archive.refresh() }
        func tasks(_ change: (inout ExportFilter) -> Void) throws -> [String?] {
            var filter = ExportFilter()
            change(&filter)
            return try Self.exports(journal, RecordQuery(), filter).trails.map(\.taskID)
        }
        #expect(try tasks { $0.state = .downloaded } == ["task-1"] && tasks { $0.state = .pending } == ["task-2"])
        #expect(try tasks { $0.state = .downloadIncomplete }.isEmpty && tasks { $0.state = .failed }.isEmpty)
        #expect(try tasks { $0.downloader = "night-job" } == ["task-1"] && tasks { $0.downloader = "image-team" }.isEmpty)
        #expect(try tasks { $0.isCrossTeam = true } == ["task-1"])
        #expect(try tasks { ($0.isCrossTeam, $0.state) = (true, .pending) }.isEmpty)
        // A page is filled with matches; others are skipped, also from page to page.
        var (query, filter) = (RecordQuery(), ExportFilter())
        (query.limit, filter.state) = (1, .downloaded)
        let page = try Self.exports(journal, query, filter)
        #expect(page.trails.map(\.taskID) == ["task-1"] && page.end.isComplete)
    }

    @Test func `says where to go on when the time is over before the page is full`() throws {
        let journal = try JournalFixture()
        try Self.fill(journal)
        var (query, filter) = (RecordQuery(), ExportFilter())
        filter.state = .downloaded
        let late = try Self.exports(journal, query, filter, deadline: .now - .seconds(1))
        #expect(late.trails.isEmpty && !late.end.isComplete && late.end.next != nil)
        query.cursor = late.end.next
        #expect(try Self.exports(journal, query, filter).trails.map(\.taskID) == ["task-1"])
    }

    @Test func `tells how long an export waited, and when it was polled, the first and the last of many polls`() throws {
        let journal = try JournalFixture()
        try journal.write(
            [
                journal.record(1, kind: .export) { record in
                    record.export = Record.Export(taskID: "task-1")
                    record.detail = ["waited_us": .integer(11_800_000)]
                }
            ] + (2...251).map { journal.record($0) { $0.export = Record.Export(taskID: "task-1") } })
        let trail = try #require(try journal.archive.trail(task: "task-1"))
        var json = JSONWriter()
        trail.write(to: &json, withRecords: false)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        let polls = try #require(object["polls"] as? [String: Any])
        let times = try #require(polls["at"] as? [String])
        #expect(object["waited_us"] as? Int == 11_800_000 && polls["count"] as? Int == 250)
        #expect(times.count == 100 && times.first == polls["first"] as? String && times.last == polls["last"] as? String)
        #expect(times == times.sorted() && Set(times).count == 100)
    }

    @Test func `lists exports with their lives, newest first`() throws {
        let journal = try JournalFixture()
        try Self.fill(journal)
        var query = RecordQuery()
        query.limit = 1
        let first = try Self.exports(journal, query)
        #expect(first.trails.map(\.taskID) == ["task-2"])
        query.cursor = first.end.next
        #expect(try Self.exports(journal, query).trails.map(\.taskID) == ["task-1"])
        var json = JSONWriter()
        try #require(try journal.archive.trail(task: "task-1")).write(to: &json, withRecords: true)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        #expect((object["records"] as? [Any])?.count == 5 && (object["downloads"] as? [[String: Any]])?.last?["bytes"] as? Int == 8)
        #expect((object["created"] as? [String: Any])?["reason"] as? String == "quarterly report")
    }
}
