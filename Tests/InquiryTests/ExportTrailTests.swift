import Codecs
import Audit
import Crypto
import Foundation
import Testing

@testable import Inquiry

@Suite struct ExportTrailTests {
    private static let content = Data("the file".utf8)

    /// Two callers, two runs of the gateway, an interrupted download, and another export between.
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

    private static func exports(_ journal: JournalFixture, _ query: RecordQuery) throws -> (trails: [ExportTrail], next: RecordCursor?) {
        var trails: [ExportTrail] = []
        let next = try journal.archive.forEachExport(query) { trail in
            trails.append(trail)
            return true
        }
        return (trails, next)
    }

    @Test(arguments: [false, true])
    func `ends a page where its records are large, and loses none over the pages`(isIndexed: Bool) throws {
        let journal = try JournalFixture()
        let text = String(repeating: "x", count: 1 << 20)
        try journal.write(
            (0..<9).map {
                journal.record($0, kind: .export) {
                    $0.reason = text; $0.export = Record.Export(taskID: "t\($0.id)")
                }
            })
        if isIndexed { #expect(journal.archive.refresh()) }
        // Without an index the order is made while the journal is read: one order is enough of these bytes.
        for order in isIndexed ? RecordQuery.Order.allCases : [.newest] {
            var query = RecordQuery()
            query.order = order
            query.kind = .export
            var seen: [UInt64] = []
            repeat {
                let page = try journal.archive.page(query)
                #expect((1...7).contains(page.records.count), "a little less than 8 MiB")
                seen += page.records.map(\.sequence)
                query.cursor = page.next
            } while query.cursor != nil
            #expect(seen == (order == .oldest ? Array(0..<9) : (0..<9).reversed()))
        }
        guard isIndexed else { return }
        var tasks: Set<String> = []
        var query = RecordQuery()
        repeat {
            query.cursor = try journal.archive.forEachExport(query) { trail in
                tasks.insert(trail.taskID ?? "")
                return tasks.count % 3 > 0
            }
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
        #expect(trail.state == "downloaded" && trail.fileIDs == ["file-1"] && trail.rows == 12)
        #expect(trail.downloads.map { $0[.outcome] } == ["failure", "success"])
        #expect(
            trail.text.contains("because: quarterly report") && trail.text.contains("caller_left") && trail.text.contains("enterprise_project_id=0"))
        #expect(try journal.archive.trail(task: "task-9") == nil)
        let other = try #require(try journal.archive.trail(task: "task-2"))
        #expect(other.state == "pending" && other.steps.count == 1)
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

    @Test func `lists exports with their lives, newest first`() throws {
        let journal = try JournalFixture()
        try Self.fill(journal)
        var query = RecordQuery()
        query.limit = 1
        let first = try Self.exports(journal, query)
        #expect(first.trails.map(\.taskID) == ["task-2"])
        query.cursor = first.next
        #expect(try Self.exports(journal, query).trails.map(\.taskID) == ["task-1"])
        var json = JSONWriter()
        try #require(try journal.archive.trail(task: "task-1")).write(to: &json, withRecords: true)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        #expect((object["records"] as? [Any])?.count == 5 && (object["downloads"] as? [[String: Any]])?.last?["bytes"] as? Int == 8)
        #expect((object["created"] as? [String: Any])?["reason"] as? String == "quarterly report")
    }
}
