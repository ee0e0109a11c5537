import Audit
import Testing

@testable import Shipping

@Suite struct CentralRowTests {
    private static func copied(_ line: String) throws -> String {
        try Array(line.utf8).withUnsafeBytes { bytes in
            var text = CopyText(instance: "a\tb")
            let isTaken = text.add(3, line: bytes)
            #expect(isTaken)
            let copied = String(decoding: text.bytes, as: UTF8.self)
            // The values that queries use are those that a verifier expects.
            let row = try #require(CentralRow(instance: "a\tb", sequence: 3, line: bytes))
            let columns = copied.split(separator: "\t", omittingEmptySubsequences: false).dropLast().map(Self.unescaped)
            #expect(columns == row.values)
            return copied
        }
    }

    private static func unescaped(_ column: Substring) -> String? {
        column == "\\N" ? nil : String(column).replacing("\\t", with: "\t").replacing("\\\\", with: "\\")
    }

    @Test func `takes what queries look for out of the line, and keeps the line`() throws {
        let line =
            #"{"v":1,"seq":3,"id":"i","phase":"response","time":"1970-01-01T00:00:01.000002Z","request_id":"r","caller":{"name":"c\\d"},"#
            + #""operation":"O","kind":"export","project":{"name":"n","id":"p"},"error_code":"E\u0000","#
            + #""status":200,"outcome":"success","upstream":{"request_id":"u"},"export":{"task_id":"t","file_id":"f"}}"#
        let fields = try Self.copied(line).split(separator: "\t", omittingEmptySubsequences: false)
        #expect(
            fields.dropLast() == [
                "a\\tb", "3", "1000002", "response", "i", "r", "u", "c\\\\d", "O", "export", "n", "p", "success", "200", "E\u{FFFD}", "t", "f",
            ])
        #expect(fields.last.map(String.init) == String(line.replacing("\\", with: "\\\\")) + "\n")
    }

    @Test func `copies the columns that the table has, in its order`() throws {
        let table = try #require(CentralSchema.first.first { $0.contains("CREATE TABLE hssgw_records") })
        let lines = try #require(table.firstMatch(of: /\(([^()]+)PRIMARY KEY/)).1
        let columns = lines.split(separator: ",").map { $0.split { $0.isWhitespace }.prefix(2).map(String.init) }.filter { !$0.isEmpty }
        #expect(columns.dropLast().map(\.first) == CentralRow.fields.map(\.databaseColumn))
        #expect(columns.last?.first == "line")
        for (field, column) in zip(CentralRow.fields, columns) {
            let isNumber = field.type == .integer || field == .time
            #expect(isNumber == (column.last == "integer" || column.last == "bigint"), "\(field)")
        }
    }

    @Test func `leaves out what an event hasn't got`() throws {
        let line = #"{"v":1,"seq":3,"id":"i","phase":"event","time":"1970-01-01T00:00:00.000000Z","event":"start"}"#
        #expect(try Self.copied(line).hasPrefix("a\\tb\t3\t0\tevent\ti\t\\N\t\\N\t"))
    }

    @Test(arguments: ["", "{}", #"{"v":1,"seq":3"#, #"{"v":1,"seq":3,"id":"i","phase":"event","time":"yesterday"}"#])
    func `takes nothing for a record that is none`(line: String) {
        #expect(Array(line.utf8).withUnsafeBytes { CentralRow(instance: "i", sequence: 3, line: $0) == nil })
        var text = CopyText(instance: "i")
        let isTaken = Array(line.utf8).withUnsafeBytes { text.add(3, line: $0) }
        #expect(!isTaken && text.bytes.isEmpty)
    }
}
