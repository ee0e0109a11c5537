import Audit
import Testing

@testable import Inquiry

@Suite struct RecordQueryTests {
    private static let now = Timestamp(microseconds: 1_800_000_000_000_000)

    private static func query(_ filters: [(String, String)]) throws -> RecordQuery {
        var query = RecordQuery()
        for (name, value) in filters { try query.set(name, to: value, now: now) }
        return query
    }

    @Test func `renders every filter to SQL with its values apart`() throws {
        let query = try Self.query([
            ("caller", "a'; DROP TABLE x"), ("operation", "BatchExportBaselineTask"), ("kind", "export"), ("project", "prod"),
            ("outcome", "success"), ("phase", "response"), ("since", "1970-01-01T00:00:01Z"), ("until", "1970-01-01T00:00:02Z"), ("task", "t"),
            ("request_id", "r"), ("limit", "7"),
        ])
        let sql = query.selection("line", from: "record")
        #expect(
            sql.text
                == "SELECT line FROM record WHERE phase = $1 AND caller = $2 AND operation = $3 AND kind = $4 AND outcome = $5"
                + " AND (project_name = $6 OR project_id = $7) AND time_us >= $8 AND time_us < $9 AND task_id = $10"
                + " AND (request_id = $11 OR upstream_request_id = $12 OR id = $13)"
                + " ORDER BY time_us DESC, instance DESC, seq DESC LIMIT $14")
        #expect(sql.arguments.count == 14)
        #expect(sql.arguments[1] == .text("a'; DROP TABLE x") && sql.arguments[7] == .integer(1_000_000) && sql.arguments[13] == .integer(8))
    }

    @Test func `goes on behind the last record of a page`() throws {
        var query = RecordQuery()
        query.cursor = RecordCursor(sequence: 9, fleet: .init(instance: "gw:1", microseconds: 5))
        query.order = .oldest
        #expect(query.selection("line", from: "r").text.contains("WHERE (time_us, instance, seq) > ($1, $2, $3) ORDER BY time_us ASC"))
        #expect(query.cursor.flatMap { RecordCursor($0.description) } == query.cursor)
        #expect(RecordCursor(RecordCursor(sequence: 12).description) == RecordCursor(sequence: 12))
        #expect(query.cursor?.description.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" } == true)
    }

    @Test(arguments: ["", "x", "cjE6LTE", "cjI6MQ", "cjE6MTo", "!!!!"])
    func `takes no cursor that it didn't give`(text: String) {
        #expect(RecordCursor(text) == nil)
        #expect(throws: RecordQuery.Fault.self) { try Self.query([("cursor", text)]) }
    }

    @Test(arguments: [
        ("2027-01-15T08:00:00Z", 0), ("2027-01-15T16:00:00+08:00", 0), ("2027-01-15T07:59:59.5Z", -500_000), ("2027-01-15", -28_800_000_000),
        ("90s", -90_000_000), ("2h", -7_200_000_000), ("1d", -86_400_000_000), ("2027-01-15 02:30:00-0530", 0),
        // An unescaped plus in a query.
        ("2027-01-15T16:00:00 08:00", 0),
    ])
    func `reads the times that people write`(text: String, difference: Int64) throws {
        #expect(try #require(TimeText.read(text, now: Self.now)).microseconds - Self.now.microseconds == difference)
    }

    @Test func `reads the leap days that there are`() {
        for day in ["2028-02-29", "2000-02-29", "2026-12-31"] { #expect(TimeText.read(day, now: Self.now) != nil) }
    }

    @Test func `takes no span that ends before it begins, whichever end is said first`() throws {
        for filters in [[("since", "2026-02-02"), ("until", "2026-02-01")], [("until", "7d"), ("since", "1d")]] {
            let fault = #expect(throws: RecordQuery.Fault.self) { try Self.query(filters) }
            #expect(fault?.filter == filters[1].0)
        }
        #expect(try Self.query([("since", "7d"), ("until", "1d")]).since != nil)
    }

    @Test(arguments: [
        "", "yesterday", "2027-13-01", "2027-01-15T08:00:00", "5w", "-1h", "2027-01-15T08:00:00+99", "9999999999999999999d",
        "2026-02-30", "2027-02-29", "2100-02-29", "2026-04-31", "2026-01-00",
        "2026-01-15T25:00:00Z", "2026-01-15T24:00:00Z", "2026-01-15T23:60:00Z", "2026-01-15T23:59:60Z", "2026-01-15T08:00:00+24:00",
        "2027-01-15T08:00:00 ", "2027-01-15T08:00:00 Z",
    ])
    func `takes nothing else for a time`(text: String) {
        #expect(TimeText.read(text, now: Self.now) == nil)
    }

    @Test(arguments: [("limit", "0"), ("limit", "1001"), ("kind", "reads"), ("colour", "red"), ("since", "soon"), ("outcome", "SUCCESS")])
    func `says which filter is wrong`(name: String, value: String) throws {
        let fault = #expect(throws: RecordQuery.Fault.self) { try Self.query([(name, value)]) }
        #expect(fault?.filter == name)
    }
}
