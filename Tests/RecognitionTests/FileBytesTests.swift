import Foundation
import Testing

@testable import Recognition

@Suite struct FileBytesTests {
    @Test func `a file is replaced whatever an earlier run or somebody else has left at the name of its draft`() throws {
        let folder = NSTemporaryDirectory() + "bytes-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (file, draft, other) = (folder + "/keys", folder + "/keys.new", folder + "/other")
        for text in [file, other] { try Data("old".utf8).write(to: URL(fileURLWithPath: text)) }
        chmod(file, 0o640)
        chmod(other, 0o600)

        try FileManager.default.createSymbolicLink(atPath: draft, withDestinationPath: other)
        try FileBytes.replace(file, with: Array("new".utf8))
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "old")
        #expect(try mode(other) == 0o600)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "new")
        #expect(try mode(file) == 0o640)

        try Data("half of a longer text".utf8).write(to: URL(fileURLWithPath: draft))
        try FileBytes.replace(file, with: Array("newest".utf8))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "newest")
        #expect(!FileManager.default.fileExists(atPath: draft))
    }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }
}
