import Glibc

/// Memory that held a secret for a moment.
enum SecretMemory {
    /// Overwrites it in a way that the optimiser keeps.
    static func erase(_ memory: UnsafeMutableRawBufferPointer) {
        guard let start = memory.baseAddress else { return }
        explicit_bzero(start, memory.count)
    }
}
