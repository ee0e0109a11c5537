import Credentials
import NIOCore
import NIOPosix
import Transport

/// Sends requests to identity services with libcurl, on an event loop of its own, so that a slow IAM never blocks a worker.
///
/// It holds two transports, both confined to that loop: one for the cloud, through the proxy where there is one, and one for services of
/// this machine, which must not be reached through a proxy.
final class IAMTransport: IAMExchange {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let lines: NIOLoopBound<IAMConnections>
    let loop: any EventLoop
    private let userAgent: String

    /// - Parameters:
    ///   - upstream: the transport settings of HSS; trusted certificates and the proxy are the same for IAM. `follow`
    ///     replaces it.
    ///   - isPinned: whether the cloud is HSS itself, which must have the pinned key; IAM has another.
    init(upstream: TransportConfiguration, userAgent: String, isPinned: Bool = false) {
        loop = group.next()
        self.userAgent = userAgent
        lines = NIOLoopBound.makeSendable(IAMConnections(upstream, isPinned: isPinned), on: loop)
    }

    func send(_ request: IAMRequest) async throws(IAMExchangeFault) -> IAMResponse {
        let result = await withCheckedContinuation { continuation in
            loop.execute { [lines, loop, userAgent] in
                let transfer = IAMTransfer { continuation.resume(returning: $0) }
                lines.value.send(request, to: transfer, userAgent: userAgent, loop: loop)
            }
        }
        return try result.get()
    }

    /// Another configuration is in force: later calls use its proxy and its trusted certificates.
    func follow(_ upstream: TransportConfiguration) {
        loop.execute { [lines] in lines.value.follow(upstream) }
    }

    /// Fails what is under way and ends the thread.
    func stop() async {
        try? await loop.flatSubmit { [lines, loop] in lines.value.close(on: loop) }.get()
        try? await group.shutdownGracefully()
    }
}

extension NIOLoopBound where Value == IAMConnections {
    /// Wraps a value that was created for the loop and has no other reference.
    fileprivate static func makeSendable(_ value: sending IAMConnections, on loop: any EventLoop) -> NIOLoopBound<IAMConnections> {
        let box = NIOLoopBoundBox.makeBoxSendingValue(value, eventLoop: loop)
        return (try? loop.submit { NIOLoopBound(box.value, eventLoop: loop) }.wait()) ?? { preconditionFailure("a loop that was just made runs") }()
    }
}
