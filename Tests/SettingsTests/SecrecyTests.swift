import Testing

@testable import Settings

@Suite struct SecrecyTests {
    static let canary = "CANARY7f3e9a51"
    static let forms = [
        canary, "\"\(canary) with blanks\"", "\"${\(canary)\"", "\"\(canary):x\"", "[\(canary)]", "{ \(canary): \(canary) }",
        "http://u:\(canary)@h",
        "[[\(canary)]]", "{ a:\(canary) }", "\"*\(canary)\"", "\"/\(canary)\"", "!t \(canary)", "9\(canary)",
    ]

    private func output(_ problems: [SettingsProblem]) -> String {
        SettingsReport.text(problems) + SettingsReport.jsonLines(problems) + String(reflecting: problems)
    }

    @Test(arguments: SchemaTests.leaves) func `no problem quotes a value, wherever it stands`(leaf: SchemaTests.Leaf) {
        for type in leaf.types {
            for form in Self.forms where !(leaf.path.last?.name == "name" && form == Self.canary) {
                let document = leaf.document(form, type: type)
                let text = output(SettingsLoader(vocabulary: Fixture.vocabulary).problems(Fixture.sources(document)))
                #expect(!text.contains("CANARY"), "\(document)\n\(text)")
            }
        }
    }

    @Test func `no problem quotes a variable's value`() throws {
        var parser = DocumentParser(file: "f")
        let parsed = parser.parse(FullConfiguration.text)
        let tree = try #require(parsed)
        let table = VariableTable(tree, regions: ["cn-north-4"])
        #expect(table.targets.count > 100)
        for value in [Self.canary, "\(Self.canary) x", "[\(Self.canary)]", ":\(Self.canary)", "http://u:\(Self.canary)@h"] {
            let environment = table.targets.mapValues { _ in value }
            let text = output(Fixture.problems(FullConfiguration.text, environment))
            #expect(text.contains("HSSGW_UPSTREAM_CONNECT_TIMEOUT"))
            #expect(!text.contains("CANARY"), "\(text)")
        }
    }

    @Test(arguments: [
        "credentials:\n  - { name: a, type: aksk, secret_key:CANARY }\n", "credentials:\n  - name: a\n    secret_key:CANARY\n",
        "credentials:\n  - name: a\n    secret_key: CANARY: x\n", "secret_key: \"CANARY\n", "secret_key: &CANARY x\nb: *CANARYZ\n",
        "CANARY: 1\nCANARY: 2\n", "? [CANARY]\n: x\n", "a: !CANARY x\n", "regions: { CANARY x: { hss: 1 } }\n",
    ])
    func `no problem of form quotes the text around it`(document: String) {
        let problems = Fixture.problems(document)
        #expect(!problems.isEmpty)
        #expect(!output(problems).contains("CANARY"), "\(output(problems))")
    }

    @Test(arguments: ["secret_key", "security_token", "access_key"]) func `shows references instead of secrets`(key: String) throws {
        let yaml = """
            credentials:
              - { name: keys, type: aksk, access_key: AKIDAKIDAKIDAKID9QX2, secret_key: "${MY_SK}", security_token: "${MY_TOKEN}" }
            projects:
              - { name: north, id: 0123456789abcdef0123456789abcdef, region: cn-north-4, credential: keys }
            """
        let environment = ["MY_SK": Self.canary, "MY_TOKEN": Self.canary, "HTTPS_PROXY": "http://u:\(Self.canary)@proxy:3128"]
        let settings = try Fixture.load(yaml, environment)
        let text =
            SettingsReport.yaml(settings) + SettingsReport.jsonLines(settings) + settings.canonicalText + String(reflecting: settings)
        #expect(!text.contains("CANARY"))
        #expect(!SettingsReport.yaml(settings).contains("AKIDAKID"))
        #expect(SettingsReport.yaml(settings).contains("secret_key: \"<environment MY_SK>\""))
        #expect(settings.upstream.proxy == .environment("HTTPS_PROXY"))
    }

    @Test(arguments: ["secret_key", "security_token"]) func `refuses a literal secret and says how to do it`(key: String) throws {
        let yaml = "credentials:\n  - { name: k, type: aksk, access_key: AK, \(key): hunter2 }\n"
        let problem = try #require(Fixture.problems(yaml).first { $0.kind == .literalSecret })
        #expect(problem.path.description == "credentials[0].\(key)")
        #expect(problem.hint?.contains("`\(key)_file: /path/to/file`") == true)
        #expect(problem.hint?.contains("`\(key): ${NAME}`") == true)
    }
}
