import Credentials
package import Settings
import Spans

/// Where the gateway reads its configuration: at start, and again at each reload.
package struct ConfigurationSource: Sendable {
    /// Reads file, environment and flags again. Blocks on the file system.
    package let load: @Sendable () throws(Failure) -> GatewaySettings
    /// The file that is watched for changes; nil when the environment alone configures.
    let file: String?
    /// What that file was before it was first read: one that is replaced from then on is read again, however early that is.
    let found: FileFingerprint?
    /// Values that stand in for environment variables of these names: the sandbox's own keys.
    let secrets: [String: String]
    /// The parts that recognise callers, which are kept across configurations.
    let identity = RecognitionAssembly()
    /// Finished spans, which are kept across configurations too.
    let spans = SpanBuffer()
    /// The secrets from stores, which are kept across configurations as well.
    package let stores: SecretStores

    package init(
        file: String?, secrets: [String: String] = [:], stores: SecretStores = SecretStores(),
        load: @escaping @Sendable () throws(Failure) -> GatewaySettings
    ) {
        self.load = load
        self.file = file
        self.found = file.flatMap { FileFingerprint(path: $0) }
        self.secrets = secrets
        self.stores = stores
    }
}
