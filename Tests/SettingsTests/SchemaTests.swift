import Testing

@testable import Settings

@Suite struct SchemaTests {
    /// A key of the schema by its path; `type` sets the sibling that decides which keys are read.
    struct Leaf: CustomTestStringConvertible, Sendable {
        let path: [SchemaKey]
        var testDescription: String { path.map(\.name).joined(separator: ".") }

        /// The `type` before the key, if it decides which keys are read.
        var types: [String] {
            let hasType = path.dropLast().last?.children.contains { $0.name == "type" } == true && path.last?.name != "type"
            return hasType ? SchemaTests.types : [""]
        }

        /// A document in flow style with this key only.
        func document(_ value: String, type: String) -> String {
            path.reversed().reduce(value) { inner, key in
                switch key.shape {
                case .namedItems where inner != value, .items where inner != value, .wordsOrItems where inner != value:
                    "{ \(key.name): [\(inner.replacing("{ ", with: "{ \(type)", maxReplacements: 1))] }"
                case .table where inner != value: "{ \(key.name): { cn-north-4: \(inner) } }"
                default: "{ \(key.name): \(inner) }"
                }
            }
        }
    }

    static let leaves: [Leaf] = walk(Schema.root, [])

    private static func walk(_ keys: [SchemaKey], _ path: [SchemaKey]) -> [Leaf] {
        keys.flatMap { [Leaf(path: path + [$0])] + walk($0.children, path + [$0]) }
    }

    static let types =
        ["", "type: aksk, ", "type: token, ", "type: iam_password, ", "type: agency, ", "type: oidc, "]
        + ["type: postgresql, ", "type: otlp, ", "type: syslog, "]

    @Test(arguments: leaves) func `reads every key: nonsense under it is reported at it`(leaf: Leaf) throws {
        let name = try #require(leaf.path.last?.name)
        let isReported = leaf.types.contains { type in
            let problems = Fixture.problems(leaf.document("[[nonsense]]", type: type))
            return problems.contains { $0.path.description.split(separator: ".").last?.prefix(while: { $0 != "[" }) == name[...] }
        }
        #expect(isReported)
    }

    @Test(arguments: leaves) func `suggests the key that lost one character`(leaf: Leaf) throws {
        let key = try #require(leaf.path.last?.name)
        let siblings = (leaf.path.dropLast().last?.children ?? Schema.root).map(\.name)
        for index in key.indices {
            var typed = key
            typed.remove(at: index)
            guard !typed.isEmpty, !siblings.contains(typed) else { continue }
            let document = leaf.document("x", type: "").replacing("{ \(key): x", with: "{ \(typed): x")
            let problems = Fixture.problems(document).filter { $0.kind == .unknownKey }
            #expect(problems.contains { $0.hint?.contains("`\(key)`") == true }, "\(typed)")
        }
    }

    @Test func `says where a key belongs that stands in the wrong section`() {
        let problems = Fixture.problems(Fixture.minimal + "admin: { connect_timeout: 3s }\n")
        #expect(problems.map(\.hint) == ["this key belongs under `upstream`"])
    }
}
