import Foundation
import Testing

@testable import Credentials

@Suite struct SecretReaderTests {
    static let readable: [(content: String, secret: String)] = [
        ("value", "value"), ("value\n", "value"), ("value\r\n", "value"), ("with space inside\n", "with space inside"), ("é镜", "é镜"),
    ]

    @Test(arguments: readable)
    func `cuts one line break at the end and nothing else`(content: String, secret: String) throws {
        let folder = try TemporaryFolder()
        try folder.replace("sk", with: content)
        #expect(try SecretReader.read(.file(path: folder.path("sk")), as: .text).isEqual(to: Secret(secret)))
    }

    static let refused: [(content: String, format: SecretFormat, reason: SecretFault.Reason)] = [
        ("", .text, .empty), ("\n", .text, .empty), ("a\nb", .text, .lineBreak), ("a\n\n", .text, .lineBreak), ("a\rb", .text, .lineBreak),
        ("a\u{0}b", .text, .invisible("\u{0}", byte: 2)), ("a\tb", .text, .invisible("\t", byte: 2)), (" a", .text, .surroundingSpace),
        ("a ", .text, .surroundingSpace), ("secret\t\n", .text, .invisible("\t", byte: 7)),
        ("\u{FEFF}secret", .text, .invisible("\u{FEFF}", byte: 1)), ("sec\u{A0}ret", .headerText, .invisible("\u{A0}", byte: 4)),
        ("é\u{200B}", .text, .invisible("\u{200B}", byte: 3)), ("AK\u{2060}", .accessKeyID, .invisible("\u{2060}", byte: 3)),
        ("\u{3000}pw", .text, .invisible("\u{3000}", byte: 1)), ("p\u{AD}w", .text, .invisible("\u{AD}", byte: 2)),
        ("p\u{202E}w", .text, .invisible("\u{202E}", byte: 2)), ("p\u{3164}", .text, .invisible("\u{3164}", byte: 2)),
        ("a b", .headerText, .notHeaderText(byte: 2)), ("é", .headerText, .notHeaderText(byte: 1)),
        ("a,b", .accessKeyID, .notHeaderText(byte: 2)),
        (String(repeating: "a", count: SecretReader.maximumBytes + 1), .text, .tooLarge(limit: SecretReader.maximumBytes)),
    ]

    @Test(arguments: refused)
    func `refuses what can't be a secret and names the file`(content: String, format: SecretFormat, reason: SecretFault.Reason) throws {
        let folder = try TemporaryFolder()
        try folder.replace("sk", with: content)
        let origin = SecretOrigin.file(path: folder.path("sk"))
        #expect(throws: SecretFault(origin: origin, reason: reason)) { try SecretReader.read(.file(path: folder.path("sk")), as: format) }
    }

    @Test(arguments: [(Data([0xFF, 0xFE, 0x61, 0x00]), 1), (Data([0x61, 0xE9]), 2)])
    func `names the byte from which a file is no text`(content: Data, byte: Int) throws {
        let folder = try TemporaryFolder()
        try content.write(to: URL(fileURLWithPath: folder.path("sk")))
        let fault = #expect(throws: SecretFault.self) { try SecretReader.read(.file(path: folder.path("sk")), as: .text) }
        #expect(fault?.reason == .notText(byte: byte))
        #expect(fault?.sentence.contains("byte \(byte)") == true && fault?.sentence.contains(folder.path("sk")) == true)
    }

    @Test func `takes the longest documented token`() throws {
        let folder = try TemporaryFolder()
        try folder.replace("token", with: String(repeating: "t", count: 32_768) + "\r\n")
        #expect(try SecretReader.read(.file(path: folder.path("token")), as: .headerText).count == 32_768)
    }

    @Test(.timeLimit(.minutes(10)))
    func `refuses what is no file without waiting for it`() throws {
        let folder = try TemporaryFolder()
        #expect(throws: SecretFault(origin: .file(path: folder.path("none")), reason: .missing)) {
            try SecretReader.read(.file(path: folder.path("none")), as: .text)
        }
        #expect(throws: SecretFault(origin: .file(path: folder.path("")), reason: .notAFile)) {
            try SecretReader.read(.file(path: folder.path("")), as: .text)
        }
        try folder.replace("open", with: "text")
        #expect(chmod(folder.path("open"), 0o602) == 0)
        #expect(throws: SecretFault(origin: .file(path: folder.path("open")), reason: .openToAll)) {
            try SecretReader.read(.file(path: folder.path("open")), as: .text)
        }
        #expect(mkfifo(folder.path("fifo"), 0o600) == 0)
        #expect(throws: SecretFault(origin: .file(path: folder.path("fifo")), reason: .notAFile)) {
            try SecretReader.read(.file(path: folder.path("fifo")), as: .text)
        }
    }

    @Test func `reads the environment`() throws {
        let name = "HSSGW_TEST_SECRET_READER"
        setenv(name, "from the environment", 1)
        defer { unsetenv(name) }
        #expect(try SecretReader.read(.environment(name: name), as: .text).isEqual(to: Secret("from the environment")))
        #expect(throws: SecretFault(origin: .environment(name: name + "_NONE"), reason: .missing)) {
            try SecretReader.read(.environment(name: name + "_NONE"), as: .text)
        }
    }

    @Test(arguments: [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] as [(mode_t, Bool)])
    func `notices who else may read a file`(mode: mode_t, isExposed: Bool) throws {
        let folder = try TemporaryFolder()
        try folder.replace("sk", with: "sk")
        #expect(chmod(folder.path("sk"), mode) == 0)
        #expect(SecretExposure(path: folder.path("sk"))?.mode == (isExposed ? UInt32(mode) : nil))
    }
}
