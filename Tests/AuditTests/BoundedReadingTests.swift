import Foundation
import Testing

@testable import Audit

/// The data read for one record or one proof doesn't grow with the journal: pieces of compressed segments, positions in plain ones, roots of
/// subtrees.
@Suite struct BoundedReadingTests {
    /// A segment's file with lines of very different lengths, of which only the numbers matter.
    private static func lines(_ numbers: Range<Int>) -> [String] {
        numbers.map { number in
            let filler = String(repeating: "x", count: number % 97 == 0 ? 60_000 : number * 31 % 700)
            let head = #"{"v":1,"seq":\#(number),"id":"01a20afd-a6dc-7000-8a16-e68d45e0ae06","phase":"event","#
            return head + #""time":"2026-11-24T00:38:45.212253Z","event":"\#(filler)"}"#
        }
    }

    private static func segment(_ lines: [String], first: Int, isCompressed: Bool) throws -> (TemporaryDirectory, SegmentName) {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.journal, withIntermediateDirectories: true)
        let name = SegmentName(first: UInt64(first))
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: directory.file(name.text))
        if isCompressed { #expect(Compressor.compress(name, in: directory.journal) { false } == nil) }
        return (directory, isCompressed ? name.compressed : name)
    }

    @Test(arguments: [false, true]) func `begins near a record of any number and misses none behind it`(isCompressed: Bool) throws {
        let lines = Self.lines(1_000..<9_000)
        let (directory, name) = try Self.segment(lines, first: 1_000, isCompressed: isCompressed)
        for number in [1_000, 1_001, 2_425, 2_426, 5_000, 8_998, 8_999] {
            var source = try LineSource(name, under: directory.journal, at: UInt64(number))
            let begun = source.offset
            var found: [String] = []
            while let line = try source.next() { found.append(String(decoding: line, as: UTF8.self)) }
            #expect(found == Array(lines.suffix(found.count)) && found.count >= 9_000 - number, "\(number)")
            // Near: at most a compressed piece, or the rest of a search, lies before it.
            let before = lines.prefix(number - 1_000).reduce(0) { $0 + $1.utf8.count + 1 }
            #expect(before - begun <= SegmentMember.size + 200_000 && begun <= before, "\(number)")
        }
    }

    @Test func `finds a line of a compressed segment by its place`() throws {
        let lines = Self.lines(0..<6_000)
        let (directory, name) = try Self.segment(lines, first: 0, isCompressed: true)
        var place = 0
        for (number, line) in lines.enumerated() {
            if number % 501 == 0 {
                var source = try LineSource(name, under: directory.journal, atByte: place)
                #expect(place - source.offset < SegmentMember.size + 100_000)
                while source.offset < place { _ = try source.next() }
                #expect(try source.next().map { String(decoding: $0, as: UTF8.self) } == line)
            }
            place += line.utf8.count + 1
        }
    }

    /// A reader keeps nothing for each piece, but for the one that compares the pieces with their headers.
    @Test(arguments: [false, true]) func `notes where pieces end only for who compares them`(compares: Bool) throws {
        let (directory, name) = try Self.segment(Self.lines(0..<6_000), first: 0, isCompressed: true)
        var source = try LineSource(name, under: directory.journal)
        if compares { _ = source.pieces() }
        while try source.next() != nil {}
        #expect((source.ends.count > 1) == compares)
    }

    @Test func `compresses to a file that every gzip reads`() throws {
        let lines = Self.lines(0..<5_000)
        let (directory, name) = try Self.segment(lines, first: 0, isCompressed: true)
        let gzip = Process()
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", directory.file(name.text).path(percentEncoded: false)]
        let output = Pipe()
        gzip.standardOutput = output
        try gzip.run()
        let data = try #require(try output.fileHandleForReading.readToEnd())
        gzip.waitUntilExit()
        #expect(gzip.terminationStatus == 0 && data == Data((lines.joined(separator: "\n") + "\n").utf8))
    }

    @Test func `keeps the last line of a segment that was cut off in the middle of it`() throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.journal, withIntermediateDirectories: true)
        let content = Data((Self.lines(0..<3).joined(separator: "\n") + "\n{\"v\":1,").utf8)
        let name = SegmentName(first: 0)
        try content.write(to: directory.file(name.text))
        #expect(Compressor.compress(name, in: directory.journal) { false } == nil)
        var bytes = try SegmentBytes(name.compressed, under: directory.journal)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var found = Data()
        while true {
            let count = try buffer.withUnsafeMutableBytes { try bytes.read(into: $0) }
            if count == 0 { break }
            found += buffer[..<count]
        }
        #expect(found == content)
    }

    /// Leaves that come in pieces, with a stop in the middle of a subtree and with some that were lost.
    @Test(arguments: [[300, 70_000], [256, 256, 512, 70_000], [70_000]])
    func `gives the root of every complete subtree, whatever was kept of it`(pieces: [Int]) throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.journal, withIntermediateDirectories: true)
        let all = (0..<pieces.reduce(0, +)).map { number in withUnsafeBytes(of: number) { MerkleTree.leaf($0) } }
        var (first, whole) = (0, MerkleTree())
        for piece in pieces {
            // Each in a run of its own, with the tree of the previous one.
            var leaves = LeafLedger(directory: directory.journal)
            let subtrees = SubtreeLedger(directory: directory.journal)
            let part = Array(all[first..<first + piece])
            leaves.append(part, first: UInt64(first))
            subtrees.append(part.compactMap { whole.append(subtree: $0, level: 0, noting: SubtreeLedger.step) }, behind: UInt64(first))
            leaves.finish()
            first += piece
        }
        for hasFiles in [true, false] {
            if !hasFiles { try FileManager.default.removeItem(at: directory.file("tree/level-8")) }
            for (start, level) in [(0, 16), (0, 9), (256, 8), (512, 9), (65_536, 10), (4, 2), (768, 7)] {
                var asked = 0
                let root = try SubtreeLedger.root(directory.journal, first: UInt64(start), level: level) { (number, count) throws(Prover.Fault) in
                    asked += count
                    return Array(all[Int(number)..<Int(number) + count])
                }
                var tree = MerkleTree()
                for leaf in all[start..<start + 1 << level] { tree.append(leaf: leaf) }
                #expect(root == tree.root, "\(start) \(level)")
                if hasFiles { #expect(asked <= 256) }
            }
        }
    }

    @Test func `proves the same with roots of subtrees, without them, and with wrong ones`() throws {
        let fixture = try EvidenceFixture()
        try fixture.run({ $0.every = 100 }, rotateSize: 1 << 20) { journal, _, probe in
            var end = SequenceNumber(0)
            for number in 0..<1_500 { end = try journal.append(journal.record(.response, path: "/v5/p/\(number)")).advanced(by: 1) }
            if try !journal.requestSync(upTo: end) { #expect(probe.waitUntilDurable(end)) }
            try journal.appendDurably(journal.record(.response), probe)
        }
        let prover = Prover(directory: fixture.directory.journal)
        let sizes = CheckpointStore(directory: fixture.directory.journal).sizes()
        func proofs() throws -> [String] {
            try [0, 255, 256, 700, 1_400].map { try prover.inclusion(of: $0) } + sizes.prefix(4).map { try prover.consistency(from: $0) }
        }
        let kept = try proofs()
        let path = fixture.directory.journal + "/tree/level-8"
        let roots = try Data(contentsOf: URL(filePath: path))
        #expect(roots.count >= 5 * 32)
        try Data(repeating: 7, count: roots.count).write(to: URL(filePath: path))
        #expect(try proofs() == kept)
        try FileManager.default.removeItem(atPath: path)
        #expect(try proofs() == kept)
        try fixture.removeHashes()
        #expect(try proofs() == kept)
    }
}
