import Foundation
import Testing

@testable import Files

@Suite struct FileDraftTests {
    /// A directory that ends with the test, and paths in it.
    private struct Place: ~Copyable {
        let folder = NSTemporaryDirectory() + "draft-" + UUID().uuidString

        init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        var file: String { folder + "/file" }
        var draft: String { file + FileDraft.suffix }
        var other: String { folder + "/other" }
        var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } }

        func put(_ text: String, at path: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }

        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

        func mode(_ path: String) throws -> Int {
            try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
        }
    }

    /// What may stand at the draft's name.
    enum Leftover: CaseIterable {
        case nothing, file, hardLink, symbolicLink, danglingLink, fifo
    }

    @Test(arguments: Leftover.allCases)
    func `a file is replaced whatever stands at the name of its draft, and nothing else is changed`(leftover: Leftover) throws {
        let place = try Place()
        try place.put("old", at: place.file)
        try place.put("another's", at: place.other)
        switch leftover {
        case .nothing: break
        case .file: try place.put("half of a longer text", at: place.draft)
        case .hardLink: try #require(link(place.other, place.draft) == 0)
        case .symbolicLink: try #require(symlink(place.other, place.draft) == 0)
        case .danglingLink: try #require(symlink(place.folder + "/none", place.draft) == 0)
        case .fifo: try #require(mkfifo(place.draft, 0o600) == 0)
        }
        let draft = try FileDraft(of: place.file)
        try draft.write("new")
        #expect(try place.text(place.file) == "old")
        try draft.takePlace(.contentAndName)
        #expect(try place.text(place.file) == "new")
        #expect(try place.text(place.other) == "another's")
        #expect(try place.names == ["file", "other"])
    }

    @Test func `a draft that doesn't take the place leaves nothing`() throws {
        let place = try Place()
        try place.put("old", at: place.file)
        func abandon() throws {
            let draft = try FileDraft(of: place.file)
            try draft.write("new")
            #expect(try place.names == ["file", "file.new"])
        }
        try abandon()
        #expect(try place.names == ["file"])
        #expect(try place.text(place.file) == "old")
    }

    @Test func `a directory in the file's place is an error, and leaves no draft`() throws {
        let place = try Place()
        try FileManager.default.createDirectory(atPath: place.file, withIntermediateDirectories: true)
        #expect(throws: ErrorCode(EISDIR)) {
            let draft = try FileDraft(of: place.file)
            try draft.takePlace(.content)
        }
        #expect(try place.names == ["file"])
        #expect(throws: ErrorCode(ENOENT)) { _ = try FileDraft(of: place.folder + "/none/file") }
    }

    @Test func `the mode is the one that is asked for, or that of the file that is replaced`() throws {
        let place = try Place()
        try place.put("old", at: place.file)
        chmod(place.file, 0o640)
        try FileDraft(of: place.file, owner: .replaced).takePlace(.nothing)
        #expect(try place.mode(place.file) == 0o640)
        try FileDraft(of: place.file, mode: 0o666).takePlace(.nothing)
        #expect(try place.mode(place.file) == 0o666)
        try FileDraft(of: place.file).takePlace(.nothing)
        #expect(try place.mode(place.file) == 0o600)
    }
}
