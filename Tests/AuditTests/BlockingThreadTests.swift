import Audit
import Foundation
import Synchronization
import Testing

struct BlockingThreadTests {
    /// Kilobytes of addresses that the process has in use; a thread's stack takes 8 MiB of them.
    private static func addressSpace() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmSize:") })
        return try #require(Int(line.filter(\.isNumber)))
    }

    @Test("a thread that nobody waits for gives its stack back")
    func unawaited() async throws {
        let before = try Self.addressSpace()
        for _ in 0..<2_000 {
            await withCheckedContinuation { continuation in
                if BlockingThread({ continuation.resume() }) == nil { continuation.resume() }
            }
        }
        // 16 GB of stacks would stay; other tests of this process need far less meanwhile.
        #expect(try Self.addressSpace() - before < 8_000_000)
    }

    @Test("who waits twice waits once")
    func awaitedTwice() throws {
        let count = Mutex(0)
        let thread = try #require(BlockingThread { count.withLock { $0 += 1 } })
        thread.join()
        thread.join()
        #expect(count.withLock { $0 } == 1)
    }
}
