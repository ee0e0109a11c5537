import Foundation
import Testing

@testable import Sandbox

@Suite struct ExportTasksTests {
    /// The content of large downloads: the SplitMix64 generator from state 0, big-endian.
    private static let block: [UInt8] = {
        var state: UInt64 = 0
        return (0..<8_192).flatMap { _ -> [UInt8] in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return withUnsafeBytes(of: (mixed ^ (mixed >> 31)).bigEndian) { Array($0) }
        }
    }()

    /// Follows an export to its file and returns the archive.
    private func export(_ running: RunningSandbox, _ body: String, query: String = "", token: String) throws -> (
        rows: Int, archive: [UInt8]
    ) {
        let created = try running.hss("POST", "/image/baseline/export" + query, body, token: token).json
        let task = try #require(created["task_id"] as? String)
        for _ in 0..<2 {
            let running = try running.hss("GET", "/export-task/\(task)", token: token).json
            #expect(running["task_status"] as? String == "running")
            #expect(running["file_id"] == nil)
        }
        let done = try running.hss("GET", "/event/export-task/\(task)", token: token).json
        #expect(done["task_status"] as? String == "success")
        let name = try #require(done["file_name"] as? String)
        #expect(name.hasPrefix("hss-") && name.hasSuffix(".zip"))
        let file = try running.hss("GET", "/download/\(try #require(done["file_id"] as? String))", token: token)
        #expect(file.header("Content-Type") == "application/zip")
        #expect(file.header("Content-Disposition") == "attachment; filename=\"\(name)\"")
        return (try #require(created["record_total_num"] as? Int), file.body)
    }

    /// Opens an archive with Python's zipfile, which checks the CRC, and returns the rows of its only entry.
    private func rows(of archive: [UInt8]) throws -> [[String]] {
        let file = FileManager.default.temporaryDirectory.appending(path: "sandbox-\(UUID()).zip")
        try Data(archive).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let script =
            "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; n,=z.namelist(); sys.stdout.buffer.write(z.read(n))"
        process.arguments = ["python3", "-c", script, file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return text.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    @Test func `goes from running to a ZIP that others can open`() async throws {
        try await RunningSandbox.with { running async throws in
            let (count, archive) = try export(running, #"{"operate_all": true}"#, token: running.token())
            let rows = try rows(of: archive)
            #expect(rows.first == ["image_type", "image_name", "image_version", "severity", "check_name", "enterprise_project_id"])
            #expect(rows.count - 1 == count)
            #expect(count == 18)
        }
    }

    @Test func `contains what was asked for and nothing else`() async throws {
        try await RunningSandbox.with(RunningSandbox.configured { $0.exportRows = 1_000 }) { running async throws in
            let token = try running.token()
            let body = #"{"operate_all":true,"image_type":"harbor","severity_level":"High"}"#
            let (count, archive) = try export(running, body, query: "?enterprise_project_id=all_granted_eps", token: token)
            let table = try rows(of: archive).dropFirst()
            #expect(count > 10 && table.count == count)
            #expect(table.allSatisfy { $0[0] == "harbor" && $0[3] == "High" })
            #expect(Set(table.map { $0[5] }) == ["0", RunningSandbox.otherEnterpriseProject])
            let (limited, _) = try export(running, body, query: "?export_size=3", token: token)
            #expect(limited == 3)
            let other = try export(running, "{}", query: "?enterprise_project_id=\(RunningSandbox.otherEnterpriseProject)", token: token)
            #expect(Set(try rows(of: other.archive).dropFirst().map { $0[5] }) == [RunningSandbox.otherEnterpriseProject])
        }
    }

    @Test func `gives the same file twice`() async throws {
        try await RunningSandbox.with(RunningSandbox.configured { $0.pollsUntilDone = 0 }) { running async throws in
            let token = try running.token()
            let task = try #require(try running.hss("POST", "/vul/export", token: token).json["task_id"] as? String)
            let done = try running.hss("GET", "/export-task?export_task_type=ExportVuls&task_id=\(task)", token: token).json
            let file = "/download/\(try #require(done["file_id"] as? String))"
            let first = try running.hss("GET", file, token: token).body
            #expect(try running.hss("GET", file, token: token).body == first)
            #expect(first.starts(with: Array("PK".utf8)))
        }
    }

    @Test(arguments: [#"{"image_type":"floppy"}"#, #"{"severity_level":"high"}"#, #"{"operate_all":"yes"}"#, #"{"operate_all":false}"#])
    func `refuses values that aren't documented`(body: String) async throws {
        try await RunningSandbox.with { running async throws in
            let answer = try running.hss("POST", "/image/baseline/export", body, token: running.token())
            #expect(answer.json["error_code"] as? String == "HSS.0001")
        }
    }

    @Test func `fails a task when a test wants it`() async throws {
        try await RunningSandbox.with(RunningSandbox.configured { $0.pollsUntilDone = 0 }) { running async throws in
            let token = try running.token()
            running.sandbox.faults.add(Fault(.taskFailure, operation: "BatchExportBaselineTask"))
            let task = try #require(try running.hss("POST", "/image/baseline/export", "{}", token: token).json["task_id"] as? String)
            #expect(try running.hss("GET", "/export-task/\(task)", token: token).json["task_status"] as? String == "failure")
        }
    }

    @Test(arguments: [BodyFraming.contentLength, .chunked])
    func `streams large files in either framing`(framing: BodyFraming) async throws {
        try await RunningSandbox.with(
            RunningSandbox.configured {
                $0.download.framing = framing
                $0.download.contentType = "application/octet-stream"
            }
        ) { running async throws in
            let file = try running.hss("GET", "/download/large-5", token: running.token())
            #expect(file.isComplete)
            #expect((file.header("Content-Length") == "5242880") == (framing == .contentLength))
            #expect(file.header("Content-Type") == "application/octet-stream")
            let block = Self.block
            #expect(file.body.count == 5 * 1_048_576 && Array(file.body.suffix(block.count)) == block)
        }
    }
}
