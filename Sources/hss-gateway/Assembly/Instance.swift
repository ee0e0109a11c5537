import CLinux
import Glibc

/// This process among others.
enum Instance {
    /// What records call this gateway: the host's name, which stays inside the journal and never goes to the cloud.
    static let name: String = {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "gateway" }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return name.isEmpty ? "gateway" : name
    }()

    /// One worker per processor that this process may use, unless the environment says otherwise.
    static var workers: Int {
        if let text = ProcessEnvironment.variables[ProcessVariables.workers], let count = Int(text), (1...256).contains(count) { return count }
        return max(1, Int(clinux_usable_processors()))
    }
}
