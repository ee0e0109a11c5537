import Credentials
import Glibc
import Settings
import Testing

@testable import Assembly

@Suite struct CredentialAssemblyTests {
    private static let secret = "hunter2-hunter2"

    private static func failure(_ text: String, environment: [String: String] = [:]) throws -> String {
        let settings = try Fixture.settings(text)
        do throws(Failure) {
            _ = try CredentialAssembly.credentials(settings, Fixture.surroundings(environment))
            return ""
        } catch {
            #expect(error.code == .badConfiguration)
            return error.message
        }
    }

    private static func tokens(file: String) -> String {
        """
        credentials:
          - { name: keys, type: token, token_file: "\(file)" }
        projects:
          - { name: north, id: n1, region: cn-north-4, credential: keys }

        """
    }

    @Test func `names credential and file of a secret that is missing`() throws {
        let message = try Self.failure(Self.tokens(file: "/nonexistent/token"))
        #expect(message.contains("keys") && message.contains("/nonexistent/token"))
    }

    @Test(arguments: ["\(secret)\n\(secret)", " \(secret)", "\(secret)\u{1}", "\(secret)é", ""])
    func `never shows what is in a file that can't be used`(content: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("token", content)
        let message = try Self.failure(Self.tokens(file: path))
        #expect(message.contains("keys") && message.contains(path))
        #expect(!message.contains("hunter2"))
    }

    @Test func `reads the files, and values that stand in for variables`() throws {
        let folder = try TemporaryFolder()
        let text = Self.tokens(file: try folder.file("token", "tok\n")).replacing(
            "projects:",
            with: "  - { name: pair, type: aksk, access_key: HPUAEXAMPLEEXAMPLE01, secret_key: \"${SK}\" }\nprojects:"
        )
        let credentials = try CredentialAssembly.credentials(
            try Fixture.settings(text, environment: ["SK": "x"]), Fixture.surroundings(["SK": Self.secret])
        ).all
        #expect(credentials.map(\.name) == ["keys", "pair"])
        #expect(credentials.map(\.type) == [.token, .aksk])
        #expect(!"\(credentials)".contains("hunter2") && !String(reflecting: credentials).contains("hunter2"))
        let material = credentials.map { $0.materialAtHand() }
        #expect(material.allSatisfy { $0 != nil })
        #expect(!"\(material)".contains("hunter2") && !"\(material)".contains("tok\""))
    }

    @Test func `a fallback's fallback takes over as well, each once`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("token", "tok\n")
        let names = ["a", "b", "c", "d"]
        let credentials = names.enumerated().map { index, name in
            "  - { name: \(name), type: token, token_file: \"\(file)\"\(index < 3 ? ", fallback: \(names[index + 1])" : "") }\n"
        }
        let text = "credentials:\n\(credentials.joined())projects:\n  - { name: north, id: n1, region: cn-north-4, credentials: [a, c] }\n"
        let set = try CredentialAssembly.credentials(try Fixture.settings(text), Fixture.surroundings())
        #expect(set.acting["north"]?.fallbacks.map(\.name) == ["b", "d"])
        #expect(set.all.map(\.name) == names)
    }

    @Test func `a check names the byte of what nobody sees, in a file, a variable and the configuration itself`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("sk", "secret\u{200B}\n")
        setenv("TEST_INVISIBLE_TOKEN", "tok\u{A0}", 1)
        defer { unsetenv("TEST_INVISIBLE_TOKEN") }
        let text = """
            credentials:
              - { name: pair, type: aksk, access_key: "AK\u{2060}1", secret_key_file: "\(file)" }
              - { name: token, type: token, token: "${TEST_INVISIBLE_TOKEN}" }
            projects:
              - { name: north, id: n1, region: cn-north-4, credential: pair }
            """
        let problems = SecretCheck.problems(try Fixture.settings(text, environment: ["TEST_INVISIBLE_TOKEN": "x"]))
        #expect(problems.map(\.path.description) == ["credentials[0].access_key", "credentials[0].secret_key_file", "credentials[1].token"])
        #expect(zip(problems, ["byte 3, U+2060", "byte 7, U+200B", "byte 4, U+00A0"]).allSatisfy { $0.message.contains($1) })
    }
}
