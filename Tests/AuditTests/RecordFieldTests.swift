import Codecs
import Foundation
import Testing

@testable import Audit

/// The list of record keys is the only vocabulary: encoder, readers and documentation are compared with it.
@Suite struct RecordFieldTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A record with every member.
    private static func whole() -> Record {
        var record = RecordEncoderTests.full()
        record.regionHeader = "cn-east-3"
        record.requestBody?.text = "{}"
        record.requestBody?.isTruncated = true
        record.gateway = GatewayTag(RecordEncoderTests.gateway)
        return record
    }

    /// Names of a line's members, in the line's order: `caller.name`. Objects that the vocabulary doesn't describe are one member.
    private static func names(in line: String) throws -> [String] {
        let objects = Set(RecordObject.allCases.map { String(decoding: $0.name, as: UTF8.self) })
        return try Array(line.utf8).withUnsafeBytes { bytes in
            func name(_ range: Range<Int>?) -> String { range.map { String(decoding: bytes[$0], as: UTF8.self) } ?? "" }
            var names: [String] = []
            JSONCursor.visit(try #require(JSONCursor.whole(bytes)), in: bytes) { key, value in
                guard objects.contains(name(key)) else { return names.append(name(key)) }
                JSONCursor.visit(value, in: bytes) { inner, _ in names.append(name(key) + "." + name(inner)) }
            }
            return names
        }
    }

    @Test func `a line with everything has every member of the vocabulary once, in its order`() throws {
        #expect(try Self.names(in: RecordEncoderTests.encode(Self.whole())) == RecordField.allCases.map(\.path))
    }

    @Test func `nothing of a record is left out of its line`() {
        // A property that isn't set here could be missing in `visit` without notice.
        func unset(_ value: Any, _ path: String) -> [String] {
            Mirror(reflecting: value).children.flatMap { child -> [String] in
                let path = path + "." + (child.label ?? "")
                let mirror = Mirror(reflecting: child.value)
                guard mirror.displayStyle == .optional else { return child.value is any RecordPart ? unset(child.value, path) : [] }
                guard let inner = mirror.children.first?.value else { return [path] }
                return inner is any RecordPart ? unset(inner, path) : []
            }
        }
        #expect(unset(Self.whole(), "record") == [])
        let properties = Mirror(reflecting: Self.whole()).children.count
        let members = Set(RecordField.allCases.filter { $0.object == nil }).count + RecordObject.allCases.count
        // `v` and `seq` are added by the journal.
        #expect(properties == members - 2)
    }

    @Test func `finds every member in a line by its case`() throws {
        let line = RecordEncoderTests.encode(Self.whole()).dropLast()
        Array(line.utf8).withUnsafeBytes { bytes in
            let fields = RecordFields(bytes)
            #expect(RecordField.allCases.filter { fields?.raw($0) == nil } == [])
            for field in RecordField.allCases where field.type == .integer { #expect(fields?.integer(field) != nil, "\(field)") }
            for field in RecordField.allCases where field.type == .text { #expect(fields?.text(field)?.isEmpty == false, "\(field)") }
            #expect(fields?.text(.callerName) == "image-team" && fields?.text(.projectName) == "prod-north" && fields?.text(.version) == "0.1.0")
            #expect(RecordObject.allCases.allSatisfy { fields?.has($0) == true })
        }
    }

    @Test func `names each column once`() {
        for columns in [RecordField.allCases.map(\.column), RecordField.allCases.map(\.databaseColumn)] {
            #expect(Set(columns).count == columns.count)
            #expect(columns.allSatisfy { $0.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil })
        }
    }

    /// The keys in the documentation's table: in `caller.name`, `.method` the second means `caller.method`.
    private static func documented() throws -> [String] {
        let text = try String(contentsOf: root.appending(path: "docs/audit-record.md"), encoding: .utf8)
        let records = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix("Records\n") })
        return records.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { row -> [String] in
            var object = ""
            return row.split(separator: "|")[0].matches(of: /`([^`]+)`/).map { match in
                let name = String(match.1)
                if name.hasPrefix(".") { return object + name }
                object = name.split(separator: ".").dropLast().joined(separator: ".")
                return name
            }
        }
    }

    @Test func `documents every member, in the order of a line`() throws {
        #expect(try Self.documented().filter { !$0.hasPrefix("detail.") } == RecordField.allCases.map(\.path))
    }

    @Test func `documents every member of a request's detail`() throws {
        let details = try Self.documented().filter { $0.hasPrefix("detail.") }.map { String($0.split(separator: ".")[1]) }
        #expect(Set(details) == Set(RecordDetail.allCases.map(\.rawValue)))
    }
}

extension RecordField {
    /// The key in the documentation's spelling: `caller.name`.
    fileprivate var path: String {
        let name = String(decoding: name, as: UTF8.self)
        return object.map { String(decoding: $0.name, as: UTF8.self) + "." + name } ?? name
    }
}
