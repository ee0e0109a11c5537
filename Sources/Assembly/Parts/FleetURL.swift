package import Fleet
import Shipping

/// The file that holds the fleet's connection URL.
package enum FleetURL {
    package static func read(_ file: String) throws(FleetFault) -> String {
        do throws(SinkFailure) { return try SecretText.read(file) } catch { throw .refused(error.reason) }
    }
}
