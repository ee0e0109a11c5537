package import Fleet
import Shipping

/// The file with the fleet's connection URL, a secret.
package enum FleetURL {
    /// Reads it again each time, so that a new password is used from the next connection on.
    package static func read(_ file: String) throws(FleetFault) -> String {
        do throws(SinkFailure) { return try SecretText.read(file) } catch { throw .refused(error.reason) }
    }
}
