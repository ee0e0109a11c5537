import Glibc

/// Memory that temporarily held a secret.
enum SecretMemory {
    /// Overwrites it in a way that the optimiser keeps.
    static func erase(_ memory: UnsafeMutableRawBufferPointer) {
        guard let start = memory.baseAddress else { return }
        explicit_bzero(start, memory.count)
    }
}
