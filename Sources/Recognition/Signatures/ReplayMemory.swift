import Synchronization

/// The signatures of requests that were let through, for as long as their date would let them pass again; shared by all workers.
///
/// 1. A signature is used before anything is done for it, so that of two equal requests at the same time one is refused; and given back when
///    nothing came of it, so that what the gateway refused takes no room and may come again.
/// 2. Only good signatures get in, so nobody without a key can fill it. They lie in compartments of five minutes by the date that was signed,
///    and a whole compartment is forgotten once no date in it could pass.
/// 3. When it is full the gateway refuses rather than forgets: a forgotten signature could be used again.
package final class ReplayMemory: Sendable {
    /// One use of a signature: the right to one request.
    package struct SignatureUse: Sendable, Hashable {
        /// 16 of the signature's 32 bytes.
        let high: UInt64
        let low: UInt64
        let key: String
        /// Seconds since 1970-01-01T00:00:00Z, as signed.
        let date: Int64

        /// - Parameter signature: 32 bytes that were found good.
        init(of signature: [UInt8], by key: String, date: Int64) {
            precondition(signature.count == 32, "an HMAC-SHA256 has 32 bytes")
            (high, low) = signature.withUnsafeBytes { bytes in
                (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            self.key = key
            self.date = date
        }
    }

    /// Of all keys together: about 40 MB at worst. At the rate that HSS documents (600 calls a minute) not a hundredth is in use.
    static let capacity = 1_000_000
    /// Of one key, so that one caller can't take the room from the others.
    static let capacityPerKey = 250_000
    private static let compartment: Int64 = 300

    private struct Mark: Hashable {
        let high: UInt64
        let low: UInt64
    }

    private struct KeyMemory {
        var compartments: [Int64: Set<Mark>] = [:]
        var count: Int { compartments.values.reduce(0) { $0 + $1.count } }
    }

    private struct State {
        var keys: [String: KeyMemory] = [:]
        var count = 0
        /// The compartment before which everything has been forgotten.
        var horizon: Int64 = .min
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let capacityPerKey: Int

    package convenience init() {
        self.init(capacity: ReplayMemory.capacity, capacityPerKey: ReplayMemory.capacityPerKey)
    }

    init(capacity: Int, capacityPerKey: Int) {
        self.capacity = capacity
        self.capacityPerKey = capacityPerKey
    }

    /// Uses a signature that was found good. Throws when it was used before, or when there is no room.
    package func use(_ use: SignatureUse, now: Int64) throws(RecognitionFault) -> SignatureUse {
        let (mark, compartment) = ReplayMemory.place(of: use)
        let fault: RecognitionFault? = state.withLock { state in
            forget(before: (now - SignatureDate.window) / ReplayMemory.compartment, in: &state)
            if state.keys[use.key]?.compartments[compartment]?.contains(mark) == true { return .replay }
            guard state.count < capacity, (state.keys[use.key]?.count ?? 0) < capacityPerKey else { return .tooManySignatures }
            state.keys[use.key, default: KeyMemory()].compartments[compartment, default: []].insert(mark)
            state.count += 1
            return nil
        }
        if let fault { throw fault }
        return use
    }

    /// Nothing was done for a signature that was used: it is as if it had never come.
    package func giveBack(_ use: SignatureUse) {
        let (mark, compartment) = ReplayMemory.place(of: use)
        state.withLock { state in
            guard state.keys[use.key]?.compartments[compartment]?.remove(mark) != nil else { return }
            state.count -= 1
            if state.keys[use.key]?.compartments[compartment]?.isEmpty == true { state.keys[use.key]?.compartments[compartment] = nil }
            if state.keys[use.key]?.compartments.isEmpty == true { state.keys[use.key] = nil }
        }
    }

    private static func place(of use: SignatureUse) -> (Mark, compartment: Int64) {
        (Mark(high: use.high, low: use.low), use.date / compartment)
    }

    /// A clock that was set back moves no horizon: what could pass again stays remembered.
    private func forget(before horizon: Int64, in state: inout State) {
        guard horizon > state.horizon else { return }
        state.horizon = horizon
        for key in Array(state.keys.keys) {
            guard var memory = state.keys.removeValue(forKey: key) else { continue }
            for (compartment, marks) in memory.compartments where compartment < horizon {
                state.count -= marks.count
                memory.compartments.removeValue(forKey: compartment)
            }
            if !memory.compartments.isEmpty { state.keys[key] = memory }
        }
    }
}
