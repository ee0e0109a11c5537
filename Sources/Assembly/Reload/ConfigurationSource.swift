package import Settings
import Spans

/// Where a run of the gateway takes its configuration from: at start, and again at each reload.
package struct ConfigurationSource: Sendable {
    /// Reads file, environment and flags anew. Blocks on the file system.
    package let load: @Sendable () throws(Failure) -> GatewaySettings
    /// The file that is watched for changes; nil when the environment alone configures.
    let file: String?
    /// Values that stand in for environment variables of these names: the sandbox's own keys.
    let secrets: [String: String]
    /// What callers are recognised with and outlives each configuration.
    let identity = RecognitionAssembly()
    /// Finished spans, which outlive each configuration too.
    let spans = SpanBuffer()
    /// The secrets that are in stores, which outlive each configuration as well.
    let stores: SecretStores

    package init(
        file: String?, secrets: [String: String] = [:], stores: SecretStores = SecretStores(),
        load: @escaping @Sendable () throws(Failure) -> GatewaySettings
    ) {
        self.load = load
        self.file = file
        self.secrets = secrets
        self.stores = stores
    }
}
