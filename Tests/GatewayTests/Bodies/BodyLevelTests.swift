import Audit
import Catalogue
import Foundation
import Testing

@testable import Gateway

/// The effect of `audit.body`, with a real data port and journal.
@Suite(.timeLimit(.minutes(10))) struct BodyLevelTests {
    private static let planted = "S3CRET-planted-value"
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    private static func setup(_ level: BodyLevel) -> RunningGateway.Setup {
        var setup = RunningGateway.Setup()
        setup.bodies = level
        return setup
    }

    @Test(arguments: [BodyLevel.digest, .fields, .full])
    func `keeps no secret of any operation at any level`(level: BodyLevel) async throws {
        let upstream = try ScriptedUpstream { _ in Self.answer }
        let gateway = try await RunningGateway(upstream: upstream.url, Self.setup(level))
        let caller = try RawCaller(port: gateway.port)
        for operation in CatalogueOperation.allCases {
            caller.send(Self.request(of: operation))
            let answer = try #require(await caller.answer(), "no answer to \(operation) within half a minute, or the connection was closed")
            #expect(answer.status == 200, "\(operation) \(answer.body)")
        }
        await gateway.stop()
        let segments = try FileManager.default.contentsOfDirectory(atPath: gateway.folder.journal).filter { $0.hasSuffix(".jsonl") }
        let journal = try segments.map { try String(contentsOfFile: "\(gateway.folder.journal)/\($0)", encoding: .utf8) }.joined()
        let shown = journal.contains(Self.planted)
        #expect(!shown)
        let closed = try gateway.folder.records().filter { $0["phase"] as? String == "response" }
        #expect(closed.count == CatalogueOperation.count)
        let withFields = closed.count { ($0["request_body"] as? [String: Any])?["fields"] != nil }
        let withText = closed.count { ($0["request_body"] as? [String: Any])?["text"] != nil }
        #expect((withFields > 100) == (level >= .fields))
        #expect((withText > 100) == (level >= .full))
        let heard = upstream.requests.count { $0.contains(Self.planted) }
        #expect(heard == CatalogueOperation.count, "HSS still gets what the caller sent")
    }

    @Test func `keeps nothing at none, members at fields, the text at full`() async throws {
        let json = #"{"operate_all": true, "kube_config": "x", "n": 1.5}"#
        let request =
            "POST /v5/_/image/baseline/export HTTP/1.1\r\nHost: gw\r\nContent-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)"
        var bodies: [[String: Any]?] = []
        for level in [BodyLevel.none, .digest, .fields, .full] {
            let upstream = try ScriptedUpstream { _ in Self.answer }
            let gateway = try await RunningGateway(upstream: upstream.url, Self.setup(level))
            let caller = try RawCaller(port: gateway.port)
            caller.send(request)
            #expect(await caller.answer()?.status == 200)
            await gateway.stop()
            let records = try gateway.folder.records().filter { $0["operation"] != nil }
            #expect(records.count == 2)
            bodies.append(records.last?["request_body"] as? [String: Any])
        }
        #expect(bodies[0] == nil)
        #expect(bodies[1].map { Set($0.keys) } == ["bytes", "sha256"])
        #expect(bodies[2].map { Set($0.keys) } == ["bytes", "sha256", "fields"])
        #expect(bodies[2]?["fields"] as? NSDictionary == ["operate_all": true, "kube_config": "***", "n": "1.5"] as NSDictionary)
        #expect(bodies[3].map { Set($0.keys) } == ["bytes", "sha256", "fields", "text"])
        #expect(bodies[3]?["text"] as? String == #"{"operate_all": true, "kube_config": "***", "n": 1.5}"#)
    }

    /// A request with secrets in all possible places: every secret name in the query, in the body, nested, and escaped.
    private static func request(of operation: CatalogueOperation) -> String {
        let path = operation.template.replacing("{project_id}", with: "_").replacing(#/{[^}]*}/#, with: "x")
        let names = Set(
            CatalogueOperation.allCases.flatMap { $0.secretRequestFields.map(\.name) + $0.secretResponseFields }.compactMap {
                $0.split(separator: ".").last.map { $0.replacing("[]", with: "") }
            }
        ).sorted()
        // Two of the names are refused in a query whatever the operation.
        let query = names.filter { !$0.lowercased().hasSuffix("token") }.map { "\($0)=\(planted)" }.joined(separator: "&")
        let head = "\("\(operation.method)".uppercased()) \(path)?\(query) HTTP/1.1\r\nHost: gw\r\nX-Security-Token: \(planted)\r\n"
        guard operation.method != .get else { return head + "\r\n" }
        if operation.requestBody == .multipart {
            let form = "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n\(planted)\r\n--b--\r\n"
            return head + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: \(form.utf8.count)\r\n\r\n\(form)"
        }
        let members = names.map { "\"\($0)\":\"\(planted)\"" }.joined(separator: ",")
        let escaped = names.map { "\"\(Self.escaped(String($0)))\":[{\"deep\":\"\(planted)\"}]" }.joined(separator: ",")
        let json = "{\(members),\"list\":[{\(members)},{\"object\":{\(escaped)}}],\"kept\":1}"
        return head + "Content-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)"
    }

    private static func escaped(_ name: String) -> String {
        name.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
