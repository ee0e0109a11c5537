import Files
import Foundation
import Testing

@testable import Audit

/// Files of the journal's directory that were replaced by special files.
@Suite(.timeLimit(.minutes(10))) struct SpecialFileTests {
    /// A journal that ran, compressed or not.
    private func journal() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        let fixture = try Journal.open(configuration(directory) { $0.rotateSize = 2_000 })
        for _ in 0..<30 { try fixture.appendDurably(fixture.record(.response), ProgressProbe(fixture)) }
        fixture.close()
        return directory
    }

    private func replace(_ name: String, in directory: TemporaryDirectory) throws {
        let path = directory.file(name).path
        try? FileManager.default.createDirectory(at: directory.file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: path)
        try #require(mkfifo(path, 0o600) == 0)
    }

    @Test(arguments: [0, 1])
    func `a FIFO in a segment's place is named and holds no start up`(fromEnd: Int) throws {
        let directory = try journal()
        let name = try #require(try directory.segments().dropLast(fromEnd).last)
        try? FileManager.default.removeItem(at: directory.file("frontier"))
        try replace(name, in: directory)
        #expect(throws: JournalError.cannotOpen(segment: name, code: RegularFile.notRegular)) { try Journal.open(configuration(directory)) }
    }

    /// The kinds of special files.
    enum Kind: CaseIterable {
        case fifo, socket, directory, danglingLink, link, device
    }

    private func put(_ kind: Kind, at path: String) throws {
        try FileManager.default.moveItem(atPath: path, toPath: path + ".kept")
        switch kind {
        case .fifo: try #require(mkfifo(path, 0o600) == 0)
        case .directory: try #require(mkdir(path, 0o700) == 0)
        case .danglingLink: try #require(symlink(path + ".nowhere", path) == 0)
        case .link: try #require(symlink(path + ".kept", path) == 0)
        case .device: try #require(symlink("/dev/zero", path) == 0)
        case .socket:
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            // The path is longer than a socket address allows: bound under a short name, and moved.
            let short = "/tmp/special-\(UUID().uuidString)"
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: short.utf8) }
            let isBound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 }
            }
            close(descriptor)
            try #require(isBound)
            try #require(rename(short, path) == 0)
        }
    }

    @Test(arguments: Kind.allCases, [0, 1])
    func `what is no file in a segment's place is a fault of the journal and named`(kind: Kind, fromEnd: Int) throws {
        let directory = try journal()
        let name = try #require(try directory.segments().dropLast(fromEnd).last)
        try put(kind, at: directory.file(name).path)
        var verifier = JournalVerifier(directory: directory.journal, keys: [])
        let report = try verifier.verify()
        let fault = try #require(report.fault)
        #expect(report.exitCode == 9)
        #expect(fault.kind == .missingSegment)
        #expect(fault.file == name)
        #expect(fault.first == report.head.size, "everything before it was read")
        #expect(fault.last >= fault.first)
    }

    @Test(arguments: ["frontier", "frontier.new", "removed", "refusals", "checkpoint", "tree/level-8", "tree/00000000000000000000"])
    func `a FIFO in a cache's place holds nothing up`(name: String) throws {
        let directory = try journal()
        try replace(name, in: directory)
        let key = try CheckpointKey.load(path: directory.path + "/key", instance: "test")
        let journal = try Journal.open(configuration(directory) { $0.signedSize = key.signedSize(directory.journal) })
        _ = try Notary.start(journal, key: key, NotaryConfiguration())
        try journal.appendDurably(journal.record(.response), ProgressProbe(journal))
        journal.close()
        #expect(try Prover(directory: directory.journal).inclusion(of: 3, at: nil).isEmpty == false)
    }
}
