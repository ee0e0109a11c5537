import CCurl
import CCurlMemory
package import NIOCore

// 1. A transport is confined to its event loop: it is made, used and shut down there, and libcurl runs there. Nothing switches threads.
// 2. A transfer is in `active` from `send` until just before its delegate is told of its end (`finished`, `failed`), or until it has been cancelled
//    and removed.
// 3. A transport is shut down before it is released.

/// Sends HTTP requests with libcurl and streams the answers back.
package final class HTTPTransport {
    private let eventLoop: any EventLoop
    package let configuration: TransportConfiguration
    private let timeouts: TransferTimeouts
    private let authorities: CertificateAuthorities
    private let bridge: any ReadinessBridge
    private var multi: CurlMulti
    private var active: [EasyHandle] = []
    private var pool = HandlePool<EasyHandle>(
        alwaysKept: TransportLimits.pooledEasyHandles, releasedAtOnce: TransportLimits.easyHandlesReleasedAtOnce)
    private var lastID: UInt64 = 0
    private var sweepIsScheduled = false
    private var life = Life.open
    /// Whether a transfer timed out on a connection that others may share.
    private var hasStalled = false
    /// When its connections are too old.
    private let oldAge: NIODeadline

    private enum Life {
        case open
        /// No new requests; a call of libcurl is still on the stack.
        case closing
        case closed
    }

    /// Makes a transport. Must be called on the event loop.
    package convenience init(configuration: TransportConfiguration, eventLoop: any EventLoop) throws(TransportError) {
        try self.init(configuration: configuration, eventLoop: eventLoop, readiness: .automatic)
    }

    /// Makes a transport with a certain bridge, for tests and measurements.
    init(configuration: TransportConfiguration, eventLoop: any EventLoop, readiness: ReadinessKind) throws(TransportError) {
        eventLoop.preconditionInEventLoop()
        ccurl_memory_keep_on_this_thread()
        let abilities = try CurlLibrary.abilities.get()
        guard abilities.http2 || configuration.http2 != .priorKnowledge else { throw .configuration(.library) }
        authorities = try CertificateAuthorities(
            system: abilities.certificateAuthorityFile, extraFile: configuration.certificateAuthorityFile,
            extraContent: configuration.certificateAuthorities)
        self.eventLoop = eventLoop
        self.configuration = configuration
        timeouts = TransferTimeouts(configuration)
        let lifetime = configuration.connectionLifetime * Double.random(in: TransportLimits.shortestLifetimeShare...1)
        oldAge = .now() + .milliseconds(Int64(lifetime.wholeMilliseconds))
        let relay = EndRelay()
        let multi = try CurlMulti(configuration, eventLoop: eventLoop) { connection in
            relay.transport?.active.contains { $0.state.connection == connection } ?? false
        } ended: { handle, outcome in
            relay.transport?.ended(handle, outcome)
        }
        self.multi = multi
        do throws(TransportError) {
            bridge = try Self.makeBridge(readiness, watching: multi.sockets.epoll, eventLoop: eventLoop)
        } catch {
            multi.close()
            throw error
        }
        relay.transport = self
        bridge.start { [unowned multi] in multi.socketsAreReady() }
        do throws(TransportError) {
            // Options that libcurl does not accept are found now and not with the first request.
            pool.giveBack(try makeHandle())
        } catch {
            teardown()
            throw error
        }
    }

    deinit {
        precondition(life == .closed, "a transport must be shut down before it is let go")
    }

    /// Sends a request. The delegate is called for everything that follows, later and on the event loop, also if the request is refused.
    package func send(_ request: OutboundRequest, to delegate: any TransferDelegate) -> Transfer {
        eventLoop.preconditionInEventLoop()
        lastID += 1
        let handle = takeHandle()
        handle.state.id = lastID
        handle.state.delegate = delegate
        handle.state.isReplayable = request.isReplayable
        handle.state.started = .now()
        activate(handle)
        do throws(TransportError) {
            if life != .open { throw TransportError.shutDown }
            if active.count > TransportLimits.activeTransfers { throw TransportError.overloaded }
            try handle.prepare(request)
            multi.schedule(.add(handle, id: lastID))
        } catch {
            multi.schedule(.fail(handle, id: lastID, error))
        }
        return Transfer(id: lastID, handle: handle)
    }

    /// Whether another transport should take over. libcurl checks a connection's age only while it is unused, and an HTTP/2 connection that transfers
    /// share may be in use for ever. It closes no such connection because of a transfer that timed out either, but would give it to the next one,
    /// whether it is dead or not.
    package var isOutlived: Bool { hasStalled || multi.hasSharedConnections && oldAge < .now() }

    /// What sends the next request of whoever sends one after the other: this transport, or another that has taken over.
    package func successor() -> HTTPTransport {
        guard isOutlived, isIdle, let fresh = try? HTTPTransport(configuration: configuration, eventLoop: eventLoop) else { return self }
        _ = shutdown()
        return fresh
    }

    /// Whether no transfer is under way.
    package var isIdle: Bool { active.isEmpty }

    /// How many connections are open, for tests.
    var openConnections: Int { multi.sockets.openCount }

    /// Fails all transfers, closes all connections and ends finally. May be called again.
    package func shutdown() -> EventLoopFuture<Void> {
        eventLoop.preconditionInEventLoop()
        // Inside a delegate's call, libcurl is on the stack and has to return first.
        guard multi.isBusy else {
            teardown()
            return eventLoop.makeSucceededVoidFuture()
        }
        life = .closing
        for handle in active { multi.schedule(.fail(handle, id: handle.state.id, .shutDown)) }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return eventLoop.submit { bound.value.teardown() }
    }

    private func teardown() {
        guard life != .closed else { return }
        life = .closed
        bridge.stop()
        for handle in active + pool.takeAll() { multi.remove(handle) }
        multi.close()
        for handle in active { ended(handle, handle.state.isCancelled ? .cancelled : .failed(.shutDown)) }
    }

    /// The end of a transfer; libcurl has released the handle.
    private func ended(_ handle: EasyHandle, _ outcome: CurlMulti.Outcome) {
        if case .result(let code) = outcome, sendsAgain(handle, after: code) { return }
        let delegate = handle.state.delegate
        let error: TransportError? =
            switch outcome {
            case .result(let code): handle.failure(for: code)
            case .failed(let error): error
            case .cancelled, .answeredEarly: nil
            }
        let summary = handle.summary(at: .now())
        retire(handle, servesAgain: error == nil && outcome.isOrderly || handle.http2 == .off)
        if let error { delegate?.failed(error, summary) } else { delegate?.finished(summary) }
    }
}

extension HTTPTransport {
    /// A request that an origin did not process before it closed the connection was not executed, and is sent again on another connection (RFC 9113
    /// section 8.7).
    private func sendsAgain(_ handle: EasyHandle, after result: CURLcode) -> Bool {
        guard life == .open, handle.wasLeftOut(with: result), handle.state.sendingsAfterGoaway < TransportLimits.sendingsAfterGoaway
        else { return false }
        handle.state.sendingsAfterGoaway += 1
        handle.state.stage = .connecting
        handle.state.hasOpenedSocket = false
        multi.schedule(.add(handle, id: handle.state.id))
        return true
    }

    private func makeHandle() throws(TransportError) -> EasyHandle {
        let handle = try EasyHandle(multi: multi)
        try handle.configure(configuration, authorities: authorities.path)
        return handle
    }

    private func takeHandle() -> EasyHandle {
        if let handle = pool.take() { return handle }
        // The same options were accepted when the transport was made, so the cause can only be a lack of memory, which can't be handled here.
        do { return try makeHandle() } catch { preconditionFailure("libcurl no longer takes the options it took before") }
    }

    private func activate(_ handle: EasyHandle) {
        handle.activeIndex = active.count
        active.append(handle)
        scheduleSweep()
    }

    /// - Parameter servesAgain: whether libcurl keeps no state of the transfer in the handle. It counts its retries over the handle's whole life and
    ///   fails at the sixth, and after a failure it may still have noted a refused stream and apply that to the next transfer.
    private func retire(_ handle: EasyHandle, servesAgain: Bool) {
        let isKept = servesAgain && handle.state.attempts <= 1 && life == .open
        handle.clear()
        let last = active.removeLast()
        if last !== handle {
            active[handle.activeIndex] = last
            last.activeIndex = handle.activeIndex
        }
        if isKept { pool.giveBack(handle) }
    }

    /// Checking all active transfers periodically costs less than one or two timers for each of them.
    private func scheduleSweep() {
        guard !sweepIsScheduled, life == .open else { return }
        sweepIsScheduled = true
        let bound = NIOLoopBound(WeakReference(self), eventLoop: eventLoop)
        eventLoop.scheduleTask(in: timeouts.sweepInterval) { bound.value.target?.sweep() }
    }

    private func sweep() {
        sweepIsScheduled = false
        _ = pool.releaseUnneeded()
        guard !active.isEmpty || pool.isTooLarge else { return }
        let now = NIODeadline.now()
        for handle in active {
            handle.noteUpload(at: now)
            guard let phase = handle.state.expired(at: now, timeouts) else { continue }
            if phase != .total, handle.state.mayShareConnection { hasStalled = true }
            multi.schedule(.fail(handle, id: handle.state.id, .timedOut(phase)))
        }
        scheduleSweep()
    }

    private static func makeBridge(
        _ kind: ReadinessKind,
        watching descriptor: CInt,
        eventLoop: any EventLoop
    ) throws(TransportError) -> any ReadinessBridge {
        if kind != .thread {
            if let bridge = try? AsynchronousPollBridge(watching: descriptor, eventLoop: eventLoop) { return bridge }
            if kind == .asynchronousPoll { throw .configuration(.system) }
        }
        guard let bridge = try? ThreadBridge(watching: descriptor, eventLoop: eventLoop) else { throw .configuration(.system) }
        return bridge
    }
}

/// Gives the multi handle access to the transport, which is created after it.
private final class EndRelay {
    weak var transport: HTTPTransport?
}

/// Lets a task on the loop find a transport without retaining it.
private struct WeakReference {
    weak var target: HTTPTransport?

    init(_ target: HTTPTransport) {
        self.target = target
    }
}
