import CLinux
import Glibc

/// How this process is distinguished from others.
enum Instance {
    /// The name of this gateway in records: the host's name, or the environment's setting. It is used in the journal and its copies, and
    /// never sent to the cloud.
    static let name: String = {
        if let given = ProcessEnvironment.variables[ProcessVariables.instance], isName(given) { return given }
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "gateway" }
        let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return name.isEmpty ? "gateway" : name
    }()

    /// Printable ASCII without spaces, so that it is the same name in a checkpoint's origin and in a syslog header.
    private static func isName(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// One worker per processor that this process may use, or the environment's setting.
    static var workers: Int {
        if let text = ProcessEnvironment.variables[ProcessVariables.workers], let count = Int(text), (1...256).contains(count) { return count }
        return max(1, Int(clinux_usable_processors()))
    }
}
