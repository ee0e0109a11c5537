import Audit

/// The system's words for its codes.
package enum SystemError {
    package static func text(_ code: Int32) -> String { RegularFile.reason(code) }
}
