import Synchronization

/// The bytes of request bodies in memory, of all workers together, against `limits.bodies`.
///
/// Shares prevent one kind of request from using all of it: bodies of senders not yet recognised (a signature covers them) get a quarter, and large
/// ones three quarters, so that a few huge uploads never block the usual small request.
final class BodyBudget: Sendable {
    private let capacity: Atomic<Int>
    private let taken = Atomic<Int>(0)
    private let unproven = Atomic<Int>(0)

    /// Bodies up to this size are small, bytes; nearly all of HSS's operations take less.
    static let small = 64 << 10

    init(capacity: Int) {
        self.capacity = Atomic(capacity)
    }

    var bytes: Int { taken.load(ordering: .relaxed) }
    var limit: Int { capacity.load(ordering: .relaxed) }

    func setCapacity(_ bytes: Int) {
        capacity.store(bytes, ordering: .relaxed)
    }

    /// Counts bytes that have to have room.
    func takeAnyway(_ bytes: Int) {
        taken.add(bytes, ordering: .relaxed)
    }

    func take(_ bytes: Int, ofBody whole: Int, isProven: Bool) -> Bool {
        let capacity = capacity.load(ordering: .relaxed)
        if !isProven, !Self.add(bytes, to: unproven, limit: capacity / 4) { return false }
        if Self.add(bytes, to: taken, limit: whole > Self.small ? capacity / 4 * 3 : capacity) { return true }
        if !isProven { unproven.subtract(bytes, ordering: .relaxed) }
        return false
    }

    fileprivate func proved(_ bytes: Int) {
        unproven.subtract(bytes, ordering: .relaxed)
    }

    func giveBack(_ bytes: Int, isProven: Bool) {
        taken.subtract(bytes, ordering: .relaxed)
        if !isProven { unproven.subtract(bytes, ordering: .relaxed) }
    }

    private static func add(_ bytes: Int, to counter: borrowing Atomic<Int>, limit: Int) -> Bool {
        if counter.add(bytes, ordering: .relaxed).newValue <= limit { return true }
        counter.subtract(bytes, ordering: .relaxed)
        return false
    }
}

/// The share of the budget that one request's body holds; the deinitializer gives it back.
struct BodyLoan: ~Copyable {
    private let budget: BodyBudget
    private var bytes = 0
    private var isProven: Bool

    init(_ budget: BodyBudget, isProven: Bool) {
        self.budget = budget
        self.isProven = isProven
    }

    deinit { budget.giveBack(bytes, isProven: isProven) }

    /// False if the budget has no room for another piece.
    mutating func extend(by piece: Int) -> Bool {
        guard budget.take(piece, ofBody: bytes + piece, isProven: isProven) else { return false }
        bytes += piece
        return true
    }

    /// False if the budget has no room for what is missing to this many bytes.
    mutating func extend(to whole: Int) -> Bool {
        // Bounded: both are lengths of what is in memory.
        whole <= bytes || extend(by: whole - bytes)
    }

    /// The sender is recognised now.
    mutating func prove() {
        if !isProven { budget.proved(bytes) }
        isProven = true
    }
}
