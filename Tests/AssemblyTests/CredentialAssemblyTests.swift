import Credentials
import Glibc
import Settings
import Synchronization
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

    @Test func `a password that IAM refused is not sent again for what a reload adds`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("password", "wrong\n")
        func settings(_ names: [String], projects: Int) throws -> GatewaySettings {
            let credentials = names.map { "  - { name: \($0), type: iam_password, domain: acme, username: robot, password_file: \"\(file)\" }\n" }
            let all = (0..<projects).map { "  - { name: p\($0), id: i\($0), region: cn-north-4, credential: \(names[0]) }\n" }
            return try Fixture.settings("credentials:\n\(credentials.joined())projects:\n\(all.joined())")
        }
        let iam = RefusingIAM()
        let surroundings = CredentialSurroundings(exchange: iam, clock: ClockOffset())
        var set = CredentialSet()
        // Another project, another name of the same user, and a second credential with it.
        for (names, projects) in [(["keys"], 1), (["keys"], 2), (["other"], 2), (["other", "third"], 3)] {
            set = try CredentialAssembly.credentials(try settings(names, projects: projects), surroundings, previous: set)
            for credential in set.all { await Self.ask(credential) }
            #expect(set.all.allSatisfy { $0.materialAtHand() == nil })
            #expect(iam.asked == 1, "\(names)")
        }
        _ = try folder.file("password", "other\n")
        set = try CredentialAssembly.credentials(try settings(["new"], projects: 1), surroundings, previous: set)
        for credential in set.all { await Self.ask(credential) }
        #expect(iam.asked == 2)
    }

    private static func ask(_ credential: Credential) async {
        guard case .wait(let wait) = credential.admit() else { return }
        await withCheckedContinuation { continuation in
            if !credential.whenChanged(wait, { continuation.resume() }) { continuation.resume() }
        }
    }

    /// Refuses every password.
    private final class RefusingIAM: IAMExchange {
        private let count = Mutex(0)

        var asked: Int { count.withLock { $0 } }

        func send(_ request: IAMRequest) async throws(IAMExchangeFault) -> IAMResponse {
            count.withLock { $0 += 1 }
            return IAMResponse(status: 401, body: Secret("{}"))
        }
    }

    @Test func `a reload between the files of a new pair doesn't join one key's id with another key's secret`() throws {
        let folder = try TemporaryFolder()
        let files = (try folder.file("ak", "AAAAAAAAAAAA1111"), try folder.file("sk", "one"))
        let settings = try Fixture.settings(
            """
            credentials:
              - { name: pair, type: aksk, access_key_file: "\(files.0)", secret_key_file: "\(files.1)" }
            projects:
              - { name: north, id: n1, region: cn-north-4, credential: pair }
            """)
        let surroundings = Fixture.surroundings()
        let first = try CredentialAssembly.credentials(settings, surroundings)
        _ = try folder.file("ak", "BBBBBBBBBBBB2222")
        let half = try CredentialAssembly.credentials(settings, surroundings, previous: first)
        #expect(half.all[0].materialAtHand()?.accessKeyTail == "1111")
        _ = try folder.file("sk", "two")
        let second = try CredentialAssembly.credentials(settings, surroundings, previous: half)
        #expect(second.all[0].materialAtHand()?.accessKeyTail == "2222")
    }

    @Test func `an id that was found belongs to the account and the cloud that were asked, not to a name`() throws {
        func settings(_ file: String, _ more: String = "", iam: String = "") throws -> GatewaySettings {
            try Fixture.settings(
                """
                credentials:
                  - { name: keys, type: token, token_file: /run/\(file)\(more) }
                  - { name: spare, type: token, token_file: /run/spare }
                projects:
                  - { name: north, region: cn-north-4, credential: keys }
                \(iam)
                """)
        }
        let identifiers = ProjectIdentifiers()
        let first = try settings("one")
        #expect(identifiers.missing(in: first).count == 1)
        identifiers.learn("n1", of: first.projects[0], in: first)
        #expect(identifiers.missing(in: first).isEmpty)
        #expect(identifiers.missing(in: try settings("one", ", fallback: spare")).isEmpty)
        #expect(identifiers.missing(in: try settings("another")).count == 1)
        #expect(identifiers.missing(in: try settings("one", iam: "regions: { cn-north-4: { iam: 'https://iam.test' } }")).count == 1)
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
