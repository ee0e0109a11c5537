import Foundation
import Testing

/// The corpus, and a few thousand mutations of it.
@Suite struct FuzzCorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus")

    private static func corpus(of target: FuzzTarget) throws -> [[UInt8]] {
        let folder = folder.appendingPathComponent(target.rawValue)
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }.map { Array(try Data(contentsOf: $0)) }
    }

    /// Values that often break the handling of numbers, quotes, line ends and writing directions.
    private static let pieces = [
        "9223372036854775807", "-9223372036854775808", "18446744073709551616", "\u{0}", "\"", "\\", "{", "]", ":", "\n", "\u{202E}",
    ]

    @Test(arguments: FuzzTarget.allCases) func `keeps its promises for the corpus and for what it becomes`(target: FuzzTarget) async throws {
        await FuzzTarget.prepare()
        let corpus = try Self.corpus(of: target)
        #expect(corpus.count >= 7)
        var state: UInt64 = 0x9E37_79B9
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(1, bound)
        }
        for seed in corpus {
            target.run(seed)
            for _ in 0..<150 {
                var bytes = seed
                for _ in 0...random(3) {
                    let position = random(bytes.count + 1)
                    switch random(5) {
                    case 0 where position < bytes.count: bytes[position] = UInt8(random(256))
                    case 1: bytes.insert(UInt8(random(256)), at: position)
                    case 2 where position < bytes.count: bytes.remove(at: position)
                    case 3: bytes.insert(contentsOf: Self.pieces[random(Self.pieces.count)].utf8, at: position)
                    default: bytes.insert(contentsOf: corpus[random(corpus.count)].prefix(random(40)), at: position)
                    }
                }
                target.run(bytes)
            }
        }
    }
}
