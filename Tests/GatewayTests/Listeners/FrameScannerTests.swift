import NIOCore
import Testing

@testable import Gateway

@Suite struct FrameScannerTests {
    /// How many of these bytes pass in pieces of this size, and whether what stopped them is a flood.
    private static func scan(_ bytes: [UInt8], pieces: Int = .max, headerBlock: Int = 64 << 10) -> FrameScanner.Passage {
        var scanner = FrameScanner(headerBlock: headerBlock)
        var passed = 0
        while passed < bytes.count {
            var share = TurnShare()
            let piece = Array(bytes[passed..<passed + min(pieces, bytes.count - passed)])
            let passage = piece.withUnsafeBytes { scanner.scan($0, share: &share) }
            passed += passage.count
            if passage.isFlooded { return .init(count: passed, isFlooded: true) }
            if passage.count == 0 { break }
        }
        return .init(count: passed)
    }

    private static let preface = HTTP2Bytes.preface

    /// Kinds of frames, each with how many of them pass.
    private static let floods: [(String, [UInt8], Int)] = [
        ("PING", HTTP2Bytes.frame(6, [UInt8](repeating: 0, count: 8)), StreamLimits.controlFrames),
        ("SETTINGS", HTTP2Bytes.settings([]), StreamLimits.controlFrames),
        ("SETTINGS that acknowledge", HTTP2Bytes.settings([], flags: 1), StreamLimits.controlFrames),
        ("PRIORITY", HTTP2Bytes.frame(2, stream: 1, [0, 0, 0, 0, 1]), StreamLimits.controlFrames),
        ("PRIORITY_UPDATE", HTTP2Bytes.frame(16, [0, 0, 0, 1]), StreamLimits.controlFrames),
        ("RST_STREAM", HTTP2Bytes.frame(3, stream: 1, [0, 0, 0, 8]), StreamLimits.resets),
        ("empty DATA", HTTP2Bytes.data([]), StreamLimits.emptyDataFrames),
        ("DATA that is padding", HTTP2Bytes.data([3, 0, 0, 0], flags: 8), StreamLimits.emptyDataFrames),
        ("CONTINUATION", HTTP2Bytes.frame(9, stream: 1, [0]), StreamLimits.continuationFrames(headerBlock: 64 << 10)),
    ]

    @Test(arguments: floods, [1, 2, 9, 10, 33, 1 << 16])
    func `lets as many frames of a kind pass as anybody needs`(flood: (name: String, frame: [UInt8], most: Int), pieces: Int) {
        let (_, frame, most) = flood
        let allowed = Self.preface + (0..<most).flatMap { _ in frame }
        #expect(Self.scan(allowed, pieces: pieces) == .init(count: allowed.count))
        let passage = Self.scan(allowed + frame + frame, pieces: pieces)
        #expect(passage.isFlooded)
        #expect(passage.count >= allowed.count && passage.count < allowed.count + 10, "no more than the head of the one that is too many")
    }

    @Test func `counts what is in a row from anew after what brings something`() {
        let empty = HTTP2Bytes.data([])
        for between in [HTTP2Bytes.data([1]), HTTP2Bytes.data([1, 7, 0], flags: 8), HTTP2Bytes.data([], flags: 1), HTTP2Bytes.request(3)] {
            let bytes = Self.preface + (0..<50).flatMap { _ in empty + empty + between }
            #expect(Self.scan(bytes) == .init(count: bytes.count))
        }
        let continued = (0..<20).flatMap { _ in HTTP2Bytes.frame(9, stream: 1, [0]) }
        let heads = Self.preface + (0..<20).flatMap { _ in HTTP2Bytes.request(1) + continued }
        #expect(Self.scan(heads) == .init(count: heads.count))
    }

    @Test func `counts anew when the time is over`() {
        var rate = FrameRate(limit: 3)
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        #expect([0, 1, 2, 3].map { rate.isExceeded(now: start + .seconds($0)) } == [false, false, false, true])
        let later = start + StreamLimits.window + .seconds(1)
        #expect([0, 0, 0, 0].map { rate.isExceeded(now: later + .seconds($0)) } == [false, false, false, true])
    }

    @Test(arguments: [1, 7, 1 << 16])
    func `leaves everything else to the library, however much of it comes`(pieces: Int) {
        let updates = (0..<5_000).flatMap { _ in HTTP2Bytes.windowUpdate(1) }
        let unknown = (0..<500).flatMap { HTTP2Bytes.frame(0xEE, stream: UInt32($0), [UInt8](repeating: 0, count: $0)) }
        let goAway = HTTP2Bytes.frame(7, [UInt8](repeating: 0, count: 16_000))
        let bytes = Self.preface + updates + unknown + goAway + Array("junk that is no frame".utf8)
        #expect(Self.scan(bytes, pieces: pieces) == .init(count: bytes.count))
    }
}
