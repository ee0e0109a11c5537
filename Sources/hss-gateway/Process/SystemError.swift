import Audit

/// The system's words for its codes.
enum SystemError {
    static func text(_ code: Int32) -> String { RegularFile.reason(code) }
}
