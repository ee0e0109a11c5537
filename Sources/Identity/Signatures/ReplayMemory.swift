import Synchronization

/// The signatures that were accepted, for as long as their date would let them pass again; shared by all workers.
///
/// Only good signatures get in, so nobody without a key can fill it. What is remembered of each are 16 of its 32 bytes. They lie in
/// compartments of five minutes by the date that was signed, and a whole compartment is forgotten once no date in it could pass.
/// When it is full the gateway refuses rather than forgets: a forgotten signature could be used again.
package final class ReplayMemory: Sendable {
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

    /// Remembers a signature that was found good. Throws when it was there before, or when there is no room.
    func remember(_ signature: [UInt8], of key: String, date: Int64, now: Int64) throws(RecognitionFault) {
        precondition(signature.count == 32, "an HMAC-SHA256 has 32 bytes")
        let mark = signature.withUnsafeBytes { bytes in
            Mark(high: bytes.loadUnaligned(as: UInt64.self), low: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        let compartment = date / ReplayMemory.compartment
        let fault: RecognitionFault? = state.withLock { state in
            forget(before: (now - SignatureDate.window) / ReplayMemory.compartment, in: &state)
            if state.keys[key]?.compartments[compartment]?.contains(mark) == true { return .replay }
            guard state.count < capacity, (state.keys[key]?.count ?? 0) < capacityPerKey else { return .tooManySignatures }
            state.keys[key, default: KeyMemory()].compartments[compartment, default: []].insert(mark)
            state.count += 1
            return nil
        }
        if let fault { throw fault }
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
