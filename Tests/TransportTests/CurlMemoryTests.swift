import CCurlMemory
import Foundation
import Testing

@Suite struct CurlMemoryTests {
    /// Runs on a separate thread, so that its kept memory is its own.
    private func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }

    @Test func `hands a piece that was given back out again, to a thread that keeps pieces`() async {
        let isSame = await onThread { () -> [Bool] in
            [false, true].map { keeps in
                if keeps { ccurl_memory_keep_on_this_thread() }
                let first = ccurl_memory_allocate(32 * 1024 + 1)
                ccurl_memory_free(first)
                let kept = ccurl_memory_kept_on_this_thread()
                let second = ccurl_memory_allocate(32 * 1024 + 1)
                defer { ccurl_memory_free(second) }
                return keeps ? first == second && kept > 32 * 1024 : kept == 0
            }
        }
        #expect(isSame == [true, true])
    }

    @Test func `gives pieces of every size room and alignment, and keeps their bytes when they grow`() async {
        let isWhole = await onThread { () -> Bool in
            ccurl_memory_keep_on_this_thread()
            let sizes = (0...12).flatMap { power in [-1, 0, 1, 7].map { max(1, (32 << power) + $0) } } + [300 * 1024, 1 << 20]
            for _ in 0..<2 {
                for size in sizes {
                    guard let piece = ccurl_memory_allocate(size), Int(bitPattern: piece) % 16 == 0 else { return false }
                    memset(piece, Int32(size & 0x7F), size)
                    guard let larger = ccurl_memory_reallocate(piece, size * 3) else { return false }
                    let bytes = UnsafeRawBufferPointer(start: larger, count: size)
                    guard bytes.allSatisfy({ $0 == UInt8(size & 0x7F) }) else { return false }
                    memset(larger, 0xFF, size * 3)
                    ccurl_memory_free(larger)
                    guard let zeroed = ccurl_memory_allocate_zeroed(3, size) else { return false }
                    guard UnsafeRawBufferPointer(start: zeroed, count: size * 3).allSatisfy({ $0 == 0 }) else { return false }
                    ccurl_memory_free(zeroed)
                }
            }
            guard let text = ccurl_memory_duplicate("abc") else { return false }
            defer { ccurl_memory_free(text) }
            return String(cString: text) == "abc" && ccurl_memory_allocate_zeroed(.max, 2) == nil && ccurl_memory_allocate(.max) == nil
        }
        #expect(isWhole)
    }

    @Test func `keeps no more than its bound, and takes pieces back on any thread`() async {
        let (kept, pieces) = await onThread { () -> (Int, [Int]) in
            ccurl_memory_keep_on_this_thread()
            let pieces = (0..<1_000).map { _ in Int(bitPattern: ccurl_memory_allocate(32 * 1024 + 1)) }
            for piece in pieces.prefix(900) { ccurl_memory_free(UnsafeMutableRawPointer(bitPattern: piece)) }
            return (ccurl_memory_kept_on_this_thread(), Array(pieces.suffix(100)))
        }
        #expect(kept > 4 << 20 && kept <= 8 << 20)
        for piece in pieces { ccurl_memory_free(UnsafeMutableRawPointer(bitPattern: piece)) }
        #expect(ccurl_memory_kept_on_this_thread() == 0)
    }
}
