import Administration
import Gateway
import Synchronization

/// The configuration in force and the result of the last attempt to replace it, for everything except
/// requests.
final class ConfigurationInForce: Sendable {
    private struct State {
        var configuration: RunningConfiguration
        /// Why the last configuration that was read is not in force.
        var refusal: String?
    }

    private let state: Mutex<State>

    init(_ configuration: RunningConfiguration) {
        state = Mutex(State(configuration: configuration))
        configuration.tellCredentials()
    }

    var current: RunningConfiguration { state.withLock { $0.configuration } }

    func replace(with configuration: RunningConfiguration) {
        state.withLock { $0 = State(configuration: configuration) }
        configuration.tellCredentials()
    }

    /// Another configuration was read and refused.
    func refused(because reason: String) {
        state.withLock { $0.refusal = reason }
    }

    /// The status for the admin port.
    var status: ConfigurationStatus {
        state.withLock {
            ConfigurationStatus(
                digest: $0.configuration.digest, generation: $0.configuration.snapshot.generation, refusal: $0.refusal
            )
        }
    }
}
