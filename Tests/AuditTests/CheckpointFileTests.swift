import Foundation
import Testing

@testable import Audit

@Suite struct CheckpointFileTests {
    private static func notes() throws -> [String] {
        let signer = try #require(NoteSigner("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"))
        return try (1...3).map { size in
            let head = TreeHead(size: UInt64(size), root: try #require(SHA256Hash([UInt8](repeating: UInt8(size), count: 32))))
            return try #require(SignedCheckpoint.make(head, origin: "PeterNeumann", [signer])).note
        }
    }

    @Test func `wherever a note was cut, the others count, also those that an anchor's file gets afterwards`() throws {
        let notes = try Self.notes()
        for end in 1..<notes[1].utf8.count - 1 {
            let cut = String(decoding: Array(notes[1].utf8.prefix(end)), as: UTF8.self)
            let file = CheckpointFile(notes[0] + "\n" + cut + "\n\n" + notes[2] + "\n")
            #expect(file.checkpoints.map(\.head.size) == [1, 3] && file.torn > 0, "cut behind \(end)")
            let last = CheckpointFile(notes[0] + "\n" + cut)
            #expect(last.checkpoints.map(\.head.size) == [1] && last.torn > 0, "cut behind \(end)")
        }
        let whole = CheckpointFile(notes.joined(separator: "\n") + "\n\n")
        #expect(whole.checkpoints.map(\.note) == notes && whole.torn == 0)
        for other in [notes.joined(), "\u{FEFF}" + notes.joined(separator: "\n").replacingOccurrences(of: "\n", with: "\r\n")] {
            let file = CheckpointFile(other)
            #expect(file.checkpoints.map(\.note) == notes && file.torn == 0)
        }
        #expect(CheckpointFile("").torn == 0 && CheckpointFile("\n\n").checkpoints.isEmpty && CheckpointFile("none").torn == 1)
    }

    @Test func `the line ends of Windows change neither a checkpoint nor a key`() throws {
        let notes = try Self.notes()
        let file = CheckpointFile(notes.joined(separator: "\n").replacing("\n", with: "\r\n"))
        #expect(file.checkpoints.map(\.note) == notes && file.torn == 0)
        // A carriage return of its own is part of a line, which nothing signs.
        #expect(CheckpointFile(notes[0].replacing("\n", with: "\r\r\n")).checkpoints.isEmpty)
        let key = NoteSigner(name: "PeterNeumann").verifier
        #expect(CheckpointKey.publicKeys("\(key.text)\r\n\(key.text)\r\n") == [key, key])
    }

    @Test func `an anchor's file goes on behind what a full disk has left`() throws {
        let directory = try TemporaryDirectory()
        let (path, notes) = (directory.path + "/anchor", try Self.notes())
        let (anchor, checkpoints) = (FileAnchor(path: path), try notes.map { try #require(SignedCheckpoint(note: $0)) })
        try anchor.publish(checkpoints[0])
        try anchor.publish(checkpoints[1])
        let content = try String(contentsOfFile: path, encoding: .utf8)
        #expect(content == notes[0] + "\n" + notes[1] + "\n")
        try String(content.dropLast(40)).write(toFile: path, atomically: false, encoding: .utf8)
        try anchor.publish(checkpoints[2])
        let file = CheckpointFile(try String(contentsOfFile: path, encoding: .utf8))
        #expect(file.checkpoints.map(\.head.size) == [1, 3] && file.torn == 1)
    }
}
