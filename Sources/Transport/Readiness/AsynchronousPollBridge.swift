import CLinux
import NIOCore
import NIOPosix

/// Watches with Linux AIO's poll command, whose completion signals an eventfd that NIO reads as a pipe.
///
/// Native AIO, unlike io_uring, passes the system call filters of Docker and of systemd's `@system-service`. One command is under way at a time. Its
/// completion contains nothing that the eventfd does not signal, so completions are only discarded, before the ring is full.
final class AsynchronousPollBridge: ReadinessBridge {
    /// The kernel refused AIO; the caller falls back to ``ThreadBridge``.
    struct Refused: Error {}

    /// Number of commands that the ring can hold.
    private static let ringCapacity: UInt32 = 128
    /// Unread completions after which they are discarded; well below the capacity, and no more than one discard takes.
    private static let completionsBeforeDiscard = 64

    private let watched: CInt
    private let eventLoop: any EventLoop
    private var notified: CInt
    private let ring: UInt
    private var unreadCompletions = 0
    private var isStopped = false
    private var channel: (any Channel)?
    private var wake: (() -> Void)?
    /// Used if the kernel later refuses what it allowed at the start.
    private var substitute: ThreadBridge?

    /// Tests with a first command that the kernel supports what is needed.
    init(watching watched: CInt, eventLoop: any EventLoop) throws(Refused) {
        self.watched = watched
        self.eventLoop = eventLoop
        var ring: UInt = 0
        guard clinux_aio_setup(Self.ringCapacity, &ring) == 0 else { throw Refused() }
        self.ring = ring
        notified = clinux_eventfd()
        guard notified >= 0, clinux_aio_notify_when_readable(ring, watched, notified) == 1 else {
            clinux_aio_destroy(ring)
            if notified >= 0 { close(notified) }
            isStopped = true
            throw Refused()
        }
    }

    deinit {
        precondition(isStopped, "a readiness bridge must be stopped before it is let go")
    }

    func start(_ wake: @escaping () -> Void) {
        self.wake = wake
        let reader = NIOLoopBound(WakeReader { [weak self] in self?.notificationArrived() }, eventLoop: eventLoop)
        let descriptor = notified
        let opened = NIOPipeBootstrap(group: eventLoop)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: MemoryLayout<UInt64>.size))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(reader.value) }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        opened.whenComplete { result in bound.value.channelOpened(result) }
    }

    func stop() {
        guard !isStopped else { return }
        isStopped = true
        wake = nil
        substitute?.stop()
        // Also cancels the command under way.
        clinux_aio_destroy(ring)
        // Without a channel, the channel is still being opened; channelOpened closes that.
        channel?.close(promise: nil)
        channel = nil
    }

    private func channelOpened(_ result: Result<any Channel, any Error>) {
        switch result {
        case .success(let opened) where isStopped: opened.close(promise: nil)
        case .success(let opened): channel = opened
        case .failure:
            // NIO takes ownership only when it succeeds.
            close(notified)
            if !isStopped { substituteThread() }
        }
    }

    private func notificationArrived() {
        guard !isStopped else { return }
        wake?()
        guard !isStopped, substitute == nil else { return }
        unreadCompletions += 1
        if unreadCompletions >= Self.completionsBeforeDiscard { discardCompletions() }
        if clinux_aio_notify_when_readable(ring, watched, notified) == 1 { return }
        discardCompletions()
        if clinux_aio_notify_when_readable(ring, watched, notified) != 1 { substituteThread() }
    }

    private func discardCompletions() {
        clinux_aio_discard_completions(ring)
        unreadCompletions = 0
    }

    private func substituteThread() {
        guard let wake, let thread = try? ThreadBridge(watching: watched, eventLoop: eventLoop) else { return }
        substitute = thread
        thread.start(wake)
    }
}

/// Calls back once for each read of the eventfd.
private final class WakeReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let arrived: () -> Void

    init(_ arrived: @escaping () -> Void) {
        self.arrived = arrived
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        arrived()
    }
}
