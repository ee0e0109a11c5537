import Audit
import Recollection
import Testing

@testable import Fleet

/// Statements for the database.
@Suite struct SchemaTests {
    @Test func `each fleet of a database has a schema of its own, and nothing of another's in its script`() {
        #expect(FleetSchema.name(of: "default") == "hssgw_fleet")
        let script = FleetSchema.script(from: 0, fleet: "blue")
        #expect(script.contains("CREATE TABLE hssgw_fleet_blue.exports"))
        #expect(script.replacing("hssgw_fleet_blue", with: "").contains("hssgw_fleet") == false)
        #expect(script.contains("hssgw_owner") && script.contains("hssgw_gateway"), "the roles are the server's")
    }

    @Test func `tables are made once, functions and rights always`() {
        let again = FleetSchema.script(from: FleetSchema.version, fleet: "default")
        #expect(!again.contains("CREATE TABLE hssgw_fleet.members") && again.contains("CREATE OR REPLACE FUNCTION hssgw_fleet.export_begin"))
        #expect(again.contains("SECURITY DEFINER"))
    }

    @Test func `a statement names its function, its types and the server's clock`() {
        let sql = Statement<Bool>.end("an id", .failed).sql(in: "hssgw_fleet")
        #expect(
            sql.hasPrefix("SELECT q.*, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM hssgw_fleet.export_end($1::uuid, $2::text, "))
    }

    @Test func `bytes go there and back`() {
        #expect([UInt8](hexadecimal: [0, 127, 255].hexadecimal) == [0, 127, 255])
        #expect([UInt8](hexadecimal: "0") == nil && [UInt8](hexadecimal: "zz") == nil)
    }

    // MARK: - The content of a journal

    private static func fact(_ change: (inout RecordFact) -> Void) -> RecordFact {
        var fact = RecordFact(
            id: RecordID(high: 0x019a_0000_0000_7000, low: 0x8000_0000_0000_0001), phase: .response, time: Timestamp(microseconds: 1))
        (fact.kind, fact.caller, fact.project, fact.operation) = (.export, "team \"a\"", "p", "BatchExportBaselineTask")
        (fact.status, fact.outcome, fact.hasUpstream) = (200, .success, true)
        change(&fact)
        return fact
    }

    @Test func `an export is told with what became of it`() throws {
        let made = try #require(PushedRow(Self.fact { $0.taskID = "t\n1" }))
        #expect(made.json.contains(#""state":"made","counts":true"#) && made.json.contains(#""task":"t\n1""#))
        #expect(made.json.contains(#""caller":"team \"a\"""#))
        let refused = try #require(PushedRow(Self.fact { ($0.status, $0.outcome) = (400, .failure) }))
        #expect(refused.json.contains(#""state":"failed","counts":false"#))
        let lost = try #require(PushedRow(Self.fact { ($0.status, $0.outcome) = (nil, .unknown) }))
        #expect(lost.json.contains(#""state":"unknown","counts":true"#))
    }

    @Test func `a poll that names a file is told, and other records are not`() {
        let poll = Self.fact { ($0.kind, $0.taskID, $0.fileID) = (.read, "t", "f") }
        #expect(PushedRow(poll)?.json.contains(#""task":"t","file":"f""#) == true)
        #expect(PushedRow(Self.fact { ($0.kind, $0.taskID) = (.read, "t") }) == nil)
        #expect(PushedRow(Self.fact { $0.phase = .request }) == nil)
        #expect(PushedRow(Self.fact { $0.project = nil }) == nil)
    }
}
