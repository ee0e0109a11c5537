import Foundation
import Testing

@testable import Recognition

@Suite struct FileTrustTests {
    /// A test's own folder with one file in it.
    private static func place(_ body: (_ folder: String, _ file: String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "trust-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder + "/keys", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/keys/callers"
        try Data("x".utf8).write(to: URL(fileURLWithPath: file))
        chmod(folder, 0o700)
        chmod(file, 0o600)
        try body(folder, file)
    }

    private static func fault(_ path: String, isSecret: Bool = false) -> FileTrust.Fault? {
        do throws(FileTrust.Fault) {
            try FileTrust.check(path, isSecret: isSecret)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (mode_t(0o600), true, true), (0o400, true, true), (0o640, true, true), (0o644, true, false), (0o620, false, false), (0o602, false, false),
        (0o666, false, false),
    ])
    func `believes what its owner alone can write, and of secrets what not everybody can read`(mode: mode_t, asList: Bool, asSecret: Bool) throws {
        try Self.place { _, file in
            chmod(file, mode)
            #expect((Self.fault(file) == nil) == asList)
            #expect((Self.fault(file, isSecret: true) == nil) == asSecret)
            if !asList { #expect(Self.fault(file)?.sentence.contains("chmod go-w") == true) }
        }
    }

    @Test(arguments: [mode_t(0o770), 0o707, 0o722])
    func `looks at every directory on the way, whether the file is there or not`(mode: mode_t) throws {
        try Self.place { folder, file in
            for directory in [folder, folder + "/keys"] {
                chmod(directory, mode)
                #expect(Self.fault(file) != nil && Self.fault(folder + "/keys/none") != nil)
                // As in /tmp, users can only replace their own files there.
                chmod(directory, mode | 0o1000)
                #expect(Self.fault(file) == nil)
                chmod(directory, 0o700)
            }
            #expect(Self.fault(folder + "/keys/none") == nil)
        }
    }

    @Test func `follows links, and looks where they can be changed`() throws {
        try Self.place { folder, file in
            try FileManager.default.createDirectory(
                atPath: folder + "/links", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            let link = folder + "/links/callers"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
            #expect(Self.fault(link) == nil)
            chmod(folder + "/links", 0o777)
            #expect(Self.fault(link)?.place == folder + "/links")
            chmod(folder + "/links", 0o700)
            chmod(file, 0o606)
            #expect(Self.fault(link)?.sentence.contains("can be changed") == true)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `looks at every link and at every directory that one leads through`() throws {
        try Self.place { folder, file in
            for name in ["links", "foreign"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            }
            // Of links that lead to each other, the one in the middle is another user's to change.
            try FileManager.default.createSymbolicLink(atPath: folder + "/foreign/keys", withDestinationPath: "../keys")
            try FileManager.default.createSymbolicLink(atPath: folder + "/links/keys", withDestinationPath: folder + "/foreign/keys")
            for path in [folder + "/links/keys/callers", folder + "/links/keys/none", folder + "/foreign/./keys/../keys//callers"] {
                #expect(Self.fault(path) == nil, "\(path)")
                chown(folder + "/foreign", 1_234, 1_234)
                #expect(Self.fault(path)?.place == folder + "/foreign", "\(path)")
                chown(folder + "/foreign", 0, 0)
            }
            // In a directory like /tmp, a link belongs to whoever made it.
            let link = folder + "/links/callers"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
            chmod(folder + "/links", 0o1777)
            #expect(Self.fault(link) == nil)
            lchown(link, 1_234, 1_234)
            #expect(Self.fault(link)?.place == link)
            chmod(folder + "/links", 0o700)
            #expect(Self.fault(link) == nil)
        }
    }

    @Test func `ends where links lead in a circle`() throws {
        try Self.place { folder, _ in
            try FileManager.default.createSymbolicLink(atPath: folder + "/a", withDestinationPath: "b/x")
            try FileManager.default.createSymbolicLink(atPath: folder + "/b", withDestinationPath: "a/y")
            #expect(Self.fault(folder + "/a/callers") == nil)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away")) func `believes nothing that belongs to somebody else`() throws {
        try Self.place { folder, file in
            chown(file, 1_234, 1_234)
            #expect(Self.fault(file)?.sentence.contains("user 1234") == true)
            chown(file, 0, 0)
            chown(folder, 1_234, 1_234)
            #expect(Self.fault(file)?.place == folder)
        }
    }
}
