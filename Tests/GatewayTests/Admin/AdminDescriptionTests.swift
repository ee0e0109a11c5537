import Foundation
import Inquiry
import NIOHTTP1
import Testing

@testable import Administration
@testable import Gateway

/// `docs/admin-openapi.yaml` has every route of the admin port and no other. The answers are checked by the client tests.
@Suite struct AdminDescriptionTests {
    @Test func `describes every route of the admin port and no other`() async throws {
        try await withGateway(upstream: "http://127.0.0.1:9") { gateway in
            let state = AdminState(
                dataPort: gateway.dataPort, journal: gateway.journal, archive: RecordArchive(directory: gateway.folder.journal),
                build: AdminState.Build(version: "0", commit: "0", swift: "0"), syncDurations: SyncDurations(),
                configuration: { ConfigurationStatus(digest: "0", generation: 1) }, reload: { .refused(reason: "") }
            ) { [] }
            let open = AdminAccess(tokens: [], asksForCertificates: false)
            let routes = AdminRoutes(state: state, access: { open }).router().routes.map { "\($0.method.rawValue.lowercased()) \($0.path)" }
            let described = try Self.described()
            #expect(Set(routes.map(Self.withoutNames)) == Set(described.map(Self.withoutNames)))
        }
    }

    @Test func `has a role for every operation that is described, and changes are an operator's`() throws {
        let described = try Self.described().map { $0.split(separator: " ").map(String.init) }
        #expect(!described.isEmpty)
        let keys = described.map { AdminRights.key($0[0], $0[1]) }
        for key in keys { #expect(AdminRights.table[key] != nil, "the table of roles lacks \(key)") }
        let openToAuditors = AdminRights.table.filter { $0.value != .operatorRole && !$0.key.hasPrefix("GET ") }.keys
        // They change nothing in the gateway.
        #expect(Set(openToAuditors) == ["POST /audit/verifications", "DELETE /audit/verifications/*", "POST /explain"])
        #expect(
            Set(AdminRights.table.filter { $0.value == .nothing }.keys).isSubset(of: [
                "GET /livez", "GET /", "GET /console.css", "GET /console.js", "GET /console/*",
            ]))
    }

    /// Parameter names don't matter: `:id` and `{id}` are the same.
    private static func withoutNames(_ route: String) -> String {
        route.replacing(/:[a-z]+|\{[a-z_]+\}/, with: "*")
    }

    /// `get /livez` for each operation. In the document paths are indented by two, methods by four.
    private static func described() throws -> [String] {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/admin-openapi.yaml"), encoding: .utf8)
        var path = ""
        var operations: [String] = []
        for line in text.split(separator: "\n") {
            if let found = line.wholeMatch(of: /\ \ (\/.*):/) { path = String(found.1) }
            if !path.isEmpty, let found = line.wholeMatch(of: /\ {4}(get|post|put|delete):/) { operations.append("\(found.1) \(path)") }
        }
        return operations
    }
}
