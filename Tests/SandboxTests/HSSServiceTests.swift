import Catalogue
import Foundation
import Testing

@testable import Sandbox

@Suite struct HSSServiceTests {
    @Test func `answers every operation of the catalogue as itself`() async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            let connection = try RawConnection(port: running.hssPort)
            var created = 0
            for operation in Catalogue.Operation.allCases {
                let target = operation.template.replacing("{project_id}", with: RunningSandbox.project).replacing(
                    /\{[a-z_A-Z]+\}/, with: "x1")
                connection.send(RunningSandbox.bytes(operation.method.rawValue, target, [("X-Auth-Token", token)]))
                let response = try #require(RawResponse(from: connection))
                let entry = try #require(running.sandbox.ledger.entries.last)
                #expect(entry.operation == operation.name)
                #expect(entry.verdict == "accepted")
                // Tasks and files named x1 don't exist; everything else succeeds, the newest task included.
                let asksForMissing = ["ListQueryExportTask", "ShowExportTask", "ListDownloadExportedFile"].contains(operation.name)
                #expect(response.status == (asksForMissing ? 400 : 200), "\(operation)")
                if response.json["record_total_num"] != nil { created += 1 }
            }
            #expect(created == 14)
            #expect(running.sandbox.ledger.entries.filter { $0.side == .hss }.allSatisfy { $0.connection == 1 })
        }
    }

    @Test(arguments: [
        ("GET", "/nowhere", 404, "APIGW.0101"), ("PATCH", "/image/baseline/export", 404, "APIGW.0101"),
        ("GET", "/image/baseline/export", 404, "APIGW.0101"), ("GET", "/vulnerability/vulnerabilities/", 404, "APIGW.0101"),
        ("GET", "/export-task/unknown", 400, "HSS.0011"), ("GET", "/download/unknown", 400, "HSS.0011"),
        ("GET", "/vulnerability/vulnerabilities?limit=-1", 400, "HSS.0001"),
        ("GET", "/vulnerability/vulnerabilities?enterprise_project_id=unknown", 400, "HSS.0013"),
        ("GET", "/vulnerability/vulnerabilities?enterprise_project_id=0&enterprise_project_id=0", 400, "HSS.0001"),
    ])
    func `refuses as the cloud does`(method: String, path: String, status: Int, code: String) async throws {
        try await RunningSandbox.with { running async throws in
            let response = try running.hss(method, path, token: running.token())
            #expect(response.status == status)
            #expect(response.json["error_code"] as? String == code)
        }
    }

    @Test func `refuses malformed JSON and takes bodies that are arrays, forms or nothing`() async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            #expect(try running.hss("POST", "/image/baseline/export", "{", token: token).json["error_code"] as? String == "HSS.0002")
            #expect(try running.hss("POST", "/event/export", #"[["a","b"]]"#, token: token).status == 200)
            #expect(try running.send(SignatureVector.all[5]).status == 200)
            #expect(try running.hss("POST", "/container/export-task", token: token).status == 200)
        }
    }

    @Test(arguments: [
        (ProjectMismatchAnswer.projectUnavailable, 403, "APIGW.0310", true), (.accessDenied, 400, "00000010", false),
    ])
    func `refuses a foreign project`(answer: ProjectMismatchAnswer, status: Int, code: String, hasMessage: Bool) async throws {
        try await RunningSandbox.with(RunningSandbox.configured { $0.projectMismatch = answer }) { running async throws in
            let headers = [("X-Auth-Token", try running.token())]
            for project in ["ffffffffffffffffffffffffffffffff", "%7Bproject_id%7D"] {
                let response = try running.send(
                    running.hssPort, RunningSandbox.bytes("GET", "/v5/\(project)/host-management/hosts", headers))
                #expect(response.status == status)
                #expect(response.json["error_code"] as? String == code)
                #expect((response.json["error_msg"] != nil) == hasMessage)
            }
        }
    }

    @Test func `counts what a GET changes and notes parameters that an operation doesn't have`() async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            #expect(try running.hss("GET", "/container-network/cluster/sync", token: token).status == 200)
            #expect(running.sandbox.ledger.changes == ["SyncClusterList": 1])
            #expect(running.sandbox.ledger.entries.last?.notes == [.changedByGet])
            #expect(try running.hss("GET", "/setting/dictionaries?enterprise_project_id=0", token: token).status == 200)
            #expect(running.sandbox.ledger.entries.last?.notes == [.enterpriseProjectNotTaken])
        }
    }

    @Test(arguments: ["/cluster-protect/policy", "/cluster-protect/default-policy", "/cluster-protect/policy/p1"])
    func `hands the token back where the cloud does`(path: String) async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            #expect(try running.hss("GET", path, token: token).json["x_auth_token"] as? String == token)
        }
    }

    @Test func `speaks Chinese, or English when asked`() async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            #expect(try running.hss("GET", "/download/unknown", token: token).json["error_msg"] as? String == "资源不存在")
            let headers = [("X-Auth-Token", token), ("x-language", "en-us")]
            let response = try running.send(
                running.hssPort, RunningSandbox.bytes("GET", "/v5/\(RunningSandbox.project)/download/unknown", headers))
            #expect(response.json["error_msg"] as? String == "Resource not found.")
        }
    }

    @Test func `limits sizes as the API gateway does`() async throws {
        try await RunningSandbox.with { running async throws in
            let target = "/v5/\(RunningSandbox.project)/host-management/hosts"
            let long = String(repeating: "a", count: 33 * 1_024)
            #expect(try running.send(running.hssPort, RunningSandbox.bytes("GET", target + "?a=" + long, [])).status == 414)
            #expect(try running.send(running.hssPort, RunningSandbox.bytes("GET", target, [("X-Long", long)])).status == 494)
            let many = (0..<5).map { ("X-Many-\($0)", String(repeating: "b", count: 30 * 1_024)) }
            #expect(try running.send(running.hssPort, RunningSandbox.bytes("GET", target, many)).status == 494)
            let body = String(repeating: "c", count: 12 * 1_024 * 1_024 + 1)
            #expect(try running.send(running.hssPort, RunningSandbox.bytes("POST", target, [], body)).status == 413)
            #expect(running.sandbox.ledger.entries.last?.bodyLength == 12 * 1_024 * 1_024 + 1)
        }
    }

    @Test func `throttles a user to five calls of one API in a minute`() async throws {
        let clock = HandClock()
        try await RunningSandbox.with(
            RunningSandbox.configured {
                $0.throttle = .scaled(1)
                $0.clock = { clock.now }
            }
        ) { running async throws in
            let token = try running.token()
            for _ in 0..<5 { #expect(try running.hss("GET", "/host-management/hosts", token: token).status == 200) }
            let refused = try running.hss("GET", "/host-management/hosts", token: token)
            #expect(refused.status == 429)
            #expect(refused.json["error_code"] as? String == "APIGW.0308")
            #expect(refused.text.contains("policy user over ratelimit,limit:5,time:1 minute"))
            #expect(refused.header("Retry-After") == nil)
            #expect(try running.hss("GET", "/vulnerability/vulnerabilities", token: token).status == 200)
            clock.advance(by: .seconds(60))
            #expect(try running.hss("GET", "/host-management/hosts", token: token).status == 200)
        }
    }

    @Test func `sends error bodies with their keys in either order`() async throws {
        try await RunningSandbox.with { running async throws in
            var starts: Set<String> = []
            // Each answer has one of two orders at random: 64 equal ones are practically impossible.
            for _ in 0..<64 {
                let response = try running.send(running.hssPort, RunningSandbox.bytes("GET", "/v5/nowhere", []))
                starts.insert(String(response.text.prefix(8)))
            }
            #expect(starts == [#"{"error_"#, #"{"reques"#])
        }
    }
}
