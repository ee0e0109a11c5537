import Foundation
import Testing

@testable import Settings

@Suite struct FileCheckTests {
    /// A separate directory for each test, removed afterwards.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    private func write(_ text: String, _ path: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func load(_ directory: String, _ more: String = "") throws -> GatewaySettings {
        let file = SettingsFile(path: directory + "/config.yaml", text: Fixture.minimal.replacing("/run/sk", with: "sk") + more)
        return try Fixture.load(SettingsSources(file: file, environment: [:], workingDirectory: "/"))
    }

    @Test func `finds nothing wrong with files that are there`() throws {
        try withDirectory { directory in
            try write("AK", directory + "/ak", mode: 0o444)
            try write("SK", directory + "/sk", mode: 0o400)
            #expect(try load(directory, "listeners: [{ name: s, unix: ./s.sock }]\n").checkFiles() == [])
        }
    }

    @Test func `names the place and the fault of each unusable file`() throws {
        try withDirectory { directory in
            try write("", directory + "/sk")
            try write("x", directory + "/audit")
            let more = "upstream: { ca_file: . }\nlisteners: [{ name: s, unix: gone/s.sock }]\nadmin: { token_file: wide }\n"
            try write("t", directory + "/wide", mode: 0o666)
            let problems = try load(directory, more).checkFiles()
            #expect(
                problems.map { "\($0.path): \($0.message.replacing(directory, with: "D"))" } == [
                    "credentials[0].access_key_file: the file D/ak is not there",
                    "credentials[0].secret_key_file: the file D/sk is empty",
                    "upstream.ca_file: the file named here, in \(URL(fileURLWithPath: directory).deletingLastPathComponent().path), is not a regular file",
                    "listeners[0].unix: the file D/gone/s.sock can't be made: its directory is missing or not writable",
                    "admin.token_file: the file D/wide can be changed by every user of this machine",
                    "audit.directory: the file D/audit is not a directory",
                ])
        }
    }

    @Test func `takes nobody's word whom every user of the machine could name`() throws {
        try withDirectory { directory in
            try write("AK", directory + "/ak")
            try write("SK", directory + "/sk")
            try write("CA", directory + "/ca", mode: 0o646)
            try write("{}", directory + "/jwks", mode: 0o666)
            let more = """
                upstream: { ca_file: ca }
                callers: [{ name: t, authenticate: { jwt: { issuer: "https://i", audience: a, jwks: jwks } }, projects: ["*"] }]

                """
            let problems = try load(directory, more).checkFiles()
            #expect(problems.map { "\($0.path)" } == ["upstream.ca_file", "callers[0].authenticate.jwt.jwks"])
            #expect(problems.allSatisfy { $0.message.contains("can be changed by every user") && $0.hint == "chmod o-w" })
            // The same of the configuration itself.
            try write(Fixture.minimal, directory + "/c.yaml", mode: 0o602)
            let fault = try SettingsFile.read(path: directory + "/c.yaml").permissionFault
            #expect(fault?.message == "the configuration file can be changed by every user of this machine" && fault?.hint == "chmod o-w")
            try write(Fixture.minimal, directory + "/c.yaml", mode: 0o664)
            #expect(try SettingsFile.read(path: directory + "/c.yaml").permissionFault == nil)
        }
    }

    @Test(arguments: [
        ("/none/extra-ca2.pem", true), ("/none/token", true), ("/none/Hunter2", false), ("/none/correct-horse-battery-staple", false),
        ("/none/hunter.two", false),
    ])
    func `names the missing file, unless its name could be the secret itself`(path: String, isNamed: Bool) throws {
        let settings = try Fixture.load(Fixture.minimal.replacing("/run/sk", with: path))
        let problem = try #require(settings.checkFiles().first { $0.path.description == "credentials[0].secret_key_file" })
        #expect(problem.message.contains(path) == isNamed)
        #expect(problem.message.contains("/none"))
    }

    @Test func `looks at files although other things are wrong`() throws {
        let problems = SettingsLoader(vocabulary: Fixture.vocabulary).problems(Fixture.sources(Fixture.minimal + "log: { level: x }\n"))
        #expect(Set(problems.map(\.kind)) == [.invalidValue, .unusableFile])
    }

    @Test func `reads a configuration file, and says why it can't`() throws {
        try withDirectory { directory in
            try write(Fixture.minimal, directory + "/c.yaml")
            #expect(try SettingsFile.read(path: directory + "/c.yaml").text == Fixture.minimal)
            try Data([0x61, 0xff]).write(to: URL(fileURLWithPath: directory + "/latin"))
            try write(String(repeating: "#", count: SettingsFile.largest.bytes + 1), directory + "/large")
            for (name, reason) in [
                ("gone", "No such file"), ("latin", "is not UTF-8"), ("large", "is larger than 4MiB"), (".", "not a regular file"),
            ] {
                let error = #expect(throws: SettingsProblems.self) { try SettingsFile.read(path: "\(directory)/\(name)") }
                #expect(error?.problems.first?.message.contains(reason) == true)
            }
            try write(String(repeating: "#", count: SettingsFile.largest.bytes), directory + "/full")
            #expect(try SettingsFile.read(path: directory + "/full").text.utf8.count == SettingsFile.largest.bytes)
        }
    }
}
