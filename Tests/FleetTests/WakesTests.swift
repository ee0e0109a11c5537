import Policy
import Synchronization
import Testing

@testable import Fleet

/// Callbacks for notifications.
@Suite struct WakesTests {
    @Test func `wakes once whoever waits for that, and nobody who gave up`() {
        let wakes = Wakes()
        let woken = Mutex<[String]>([])
        _ = wakes.when("k1") { woken.withLock { $0.append("first") } }
        let second = wakes.when("k1") { woken.withLock { $0.append("second") } }
        _ = wakes.when("k2") { woken.withLock { $0.append("other") } }
        wakes.cancel("k1", second)
        wakes.notify("k1")
        wakes.notify("k1")
        #expect(woken.withLock { $0 } == ["first"])
    }

    @Test func `no more than its bound can wait, and room comes back`() {
        let wakes = Wakes()
        let numbers = (0..<Wakes.most).map { _ in wakes.when("k") {} }
        #expect(wakes.when("k") {} == 0)
        wakes.cancel("k", numbers[5])
        #expect(wakes.when("k") {} != 0)
        wakes.notify("k")
        #expect(wakes.when("k") {} != 0)
    }

    @Test func `only what is the caller's own is remembered`() {
        let known = KnownOwners()
        known.remember(.task("t"), in: "p", of: "a")
        #expect(known.isOwn(.task("t"), in: "p", of: "a"))
        #expect(
            !known.isOwn(.task("t"), in: "p", of: "b") && !known.isOwn(.task("t"), in: "q", of: "a") && !known.isOwn(.file("t"), in: "p", of: "a"))
    }
}
