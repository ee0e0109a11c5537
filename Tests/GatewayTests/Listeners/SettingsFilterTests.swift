import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite struct SettingsFilterTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let ours: [UInt8] = [0, 0, 0, 4, 1, 0, 0, 0, 0]

    private static func settings(_ entries: [(UInt16, UInt32)], flags: UInt8 = 0) -> [UInt8] {
        var payload: [UInt8] = []
        for (name, value) in entries {
            payload += [UInt8(name >> 8), UInt8(truncatingIfNeeded: name)]
            payload += (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
        }
        return [0, UInt8(payload.count >> 8), UInt8(truncatingIfNeeded: payload.count), 4, flags, 0, 0, 0, 0] + payload
    }

    private static func data(_ bytes: [UInt8]) -> [UInt8] {
        [0, UInt8(bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count), 0, 1, 0, 0, 0, 1] + bytes
    }

    /// What the library reads when these bytes come in pieces of a size.
    private static func passed(_ bytes: [UInt8], pieces: Int) throws -> [UInt8] {
        let channel = EmbeddedChannel(handler: SettingsFilter())
        var read: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try channel.writeInbound(ByteBuffer(bytes: bytes[start..<min(start + pieces, bytes.count)]))
        }
        while let buffer = try channel.readInbound(as: ByteBuffer.self) { read += Array(buffer.readableBytesView) }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        return read
    }

    @Test(arguments: [1, 2, 5, 9, 24, 33, 50, 1 << 16])
    func `caps the table in every settings frame and answers for the caller once`(pieces: Int) throws {
        let large = Self.data([UInt8](repeating: 4, count: 300))
        let came =
            Self.preface + Self.settings([(3, 7), (1, .max), (1, 100)]) + Self.ours + large + Self.settings([(1, 1 << 20)]) + Self.ours
            + Self.settings([])
        let expected =
            Self.preface + Self.settings([(3, 7), (1, 4_096), (1, 100)]) + Self.ours + large + Self.settings([(1, 4_096)]) + Self.ours
            + Self.settings([])
        #expect(try Self.passed(came, pieces: pieces) == expected, "the first acknowledgement is ours, the second the caller's and one too many")
    }

    @Test(arguments: [1, 7, 1 << 16])
    func `leaves what breaks the protocol to the library`(pieces: Int) throws {
        for wrong in [Self.ours, Self.settings([(1, 5)], flags: 1), [0xFF, 0xFF, 0xFF, 4, 0, 0, 0, 0, 0], Array("junk that is no frame".utf8)] {
            #expect(try Self.passed(Self.preface + wrong, pieces: pieces) == Self.preface + wrong)
        }
    }
}
