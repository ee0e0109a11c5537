import Gateway
import Logging
import ServiceLifecycle
import Settings
import Shipping
import Spans

/// Exports the spans of requests while the gateway runs, to the collector of the configuration in force.
struct TracingService: Service {
    /// How long the end of the gateway waits for spans that are not exported yet.
    private static let grace = Duration.seconds(2)

    let buffer: SpanBuffer
    let settings: @Sendable () -> GatewaySettings
    let logger: Logger

    func run() async throws {
        let (settings, logger) = (settings, logger)
        let exporter = SpanExporter(buffer, instance: Instance.name, version: Build.version) {
            settings().tracing.flatMap(Self.place)
        } tell: { reason in
            if let reason {
                logger.warning("spans can't be exported", metadata: ["reason": "\(reason)"])
            } else {
                logger.info("spans are exported again")
            }
        }
        if !exporter.start() { logger.error("no thread for the export of spans") }
        try? await gracefulShutdown()
        await withCheckedContinuation { continuation in
            exporter.stop(within: Self.grace) { continuation.resume() }
        }
    }

    private static func place(_ tracing: TracingSettings) -> SpanExporter.Target? {
        guard let url = tracing.endpoint,
            let endpoint = try? SinkEndpoints.endpoint(url, headersFile: tracing.headersFile, authorityFile: tracing.authorityFile)
        else { return nil }
        return SpanExporter.Target(mark: "\(url) \(tracing.headersFile ?? "") \(tracing.authorityFile ?? "")", endpoint: endpoint)
    }
}

extension TracingTerms {
    init(_ settings: TracingSettings?, _ buffer: SpanBuffer) {
        guard let settings else {
            self = .off
            return
        }
        let tracer = settings.endpoint.map { _ in GatewayTracer(perMillion: settings.sample.perMillion, buffer: buffer) }
        self.init(tracer: tracer, propagates: settings.propagates)
    }
}
