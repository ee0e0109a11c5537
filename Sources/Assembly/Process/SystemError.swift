import Files
import Audit

/// Texts for the system's error codes.
package enum SystemError {
    package static func text(_ code: Int32) -> String { RegularFile.reason(code) }
}
