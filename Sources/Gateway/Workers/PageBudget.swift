import Audit
import Synchronization

/// The bytes of the gateway's own pages that wait for their callers, of all workers together, against `limits.bodies`.
///
/// A page is made as a whole, and a caller that opens no window or doesn't read leaves it in memory. All pages together get a quarter of the bodies'
/// bytes, and those of one caller a quarter of that, so that nobody keeps the pages from others. One page always has room.
final class PageBudget: Sendable {
    private struct State {
        var bytes = 0
        var ofCaller: [String: Int] = [:]
    }

    private let bodies: BodyBudget
    private let state = Mutex(State())

    init(_ bodies: BodyBudget) {
        self.bodies = bodies
    }

    /// Bytes of pages that wait.
    var bytes: Int { state.withLock(\.bytes) }

    /// Whether it is worth making another page for a caller.
    func hasRoom(for caller: String) -> Bool {
        state.withLock { fits(1, of: caller, $0) }
    }

    /// Nil if there is no room for a page.
    func lend(_ bytes: Int, to caller: String) -> PageLoan? {
        state.withLock { state in
            guard fits(bytes, of: caller, state) else { return nil }
            if state.bytes == 0 { bodies.takeAnyway(bytes) } else if !bodies.take(bytes, ofBody: bytes, isProven: true) { return nil }
            // Bounded: by `limits.bodies`, and one page more.
            state.bytes += bytes
            state.ofCaller[caller, default: 0] += bytes
            return PageLoan(self, bytes, caller)
        }
    }

    private func fits(_ bytes: Int, of caller: String, _ state: State) -> Bool {
        let (capacity, own) = (bodies.limit, state.ofCaller[caller] ?? 0)
        let isFirst = state.bytes == 0
        return (isFirst || state.bytes.saturatingSum(bytes) <= capacity / 4) && (own == 0 || own.saturatingSum(bytes) <= capacity / 16)
    }

    fileprivate func giveBack(_ bytes: Int, _ caller: String) {
        state.withLock { state in
            state.bytes -= bytes
            let rest = (state.ofCaller[caller] ?? 0) - bytes
            state.ofCaller[caller] = rest > 0 ? rest : nil
        }
        bodies.giveBack(bytes, isProven: true)
    }
}

/// The room of one page, until its answer has left; the deinitializer gives it back.
final class PageLoan: Sendable {
    private let budget: PageBudget
    private let bytes: Int
    private let caller: String

    fileprivate init(_ budget: PageBudget, _ bytes: Int, _ caller: String) {
        (self.budget, self.bytes, self.caller) = (budget, bytes, caller)
    }

    deinit { budget.giveBack(bytes, caller) }
}
